import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import RapportChannels
import RapportHTTPClient
import Testing

@Suite("A TLS server that nobody vouches for")
struct UntrustedServerTests {
    @Test("gets no request", arguments: ["127.0.0.1", "localhost"])
    func selfSigned(host: String) async throws {
        let received = Counter()
        let server = try await listen(counting: received)
        let port = try #require(server.localAddress?.port)
        let code = try await withClient { await $0.failure(.local("https://\(host):\(port)/")) }
        try await server.close()
        #expect(code == .tls)
        #expect(received.value == 0)
    }

    @Test("answers whom it is vouched for by an authority of one's own, and is not taken for another host")
    func vouchedFor() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "rapport-\(UUID().uuidString).pem")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(Self.certificate.utf8).write(to: file)
        let received = Counter()
        let server = try await listen(counting: received)
        let port = try #require(server.localAddress?.port)
        try await withClient { client in
            let trusting = TrustingHTTP(client, trustedCertificates: file.path)
            let answer = try await trusting.call(.local("https://localhost:\(port)/"))
            #expect(answer.status == 204)
            // The same server by a name that its certificate does not hold, and without the authority once more.
            await #expect(throws: HTTPCallError(.tls)) {
                try await trusting.call(.local("https://127.0.0.2:\(port)/"))
            }
            #expect(await client.failure(.local("https://localhost:\(port)/")) == .tls)
        }
        try await server.close()
        #expect(received.value == 1)
    }

    private func listen(counting received: Counter) async throws -> any Channel {
        let certificate = try NIOSSLCertificate(bytes: Array(Self.certificate.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(Self.key.utf8), format: .pem)
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
        return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLServerHandler(context: context), Listener(received: received))
                }
            }
            .bind(host: "0.0.0.0", port: 0).get()
    }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let received: Counter

        init(received: Counter) {
            self.received = received
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.increment()
            let answer = ByteBuffer(string: "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            context.writeAndFlush(NIOAny(answer), promise: nil)
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    /// Made for these tests with `openssl req -x509 -newkey ec`, for localhost; it opens nothing.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmjCCAUGgAwIBAgIUMDwELCyE9iWDkAEy71ffbyDpTIQwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE2NTE1OFoYDzIxMjYxMDI5
        MTY1MTU4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAARLkJxMpatYV8Eh5XvPuuxEM9tgmq4IOwR1AZMI/iUKGBKlCSi+/k9I
        GbUhCOo/Jz/ZSmblogW9/z1HYrn96KEPo28wbTAdBgNVHQ4EFgQUB17wlg64o8mu
        m3wT/rRDNgFKCCcwHwYDVR0jBBgwFoAUB17wlg64o8mum3wT/rRDNgFKCCcwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZI
        zj0EAwIDRwAwRAIgfQeclySmtZtKrNzJruvPXkttxMWEaNy/yYTE/gicBgQCIGpy
        ny9GSnOiIpX+buAaFkbKmRcEzLXJ1hwRH2sL1W8H
        -----END CERTIFICATE-----
        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgWH227EiZRGlK37YV
        voygLD7hrmMSV5WZIYEPUWd0BkahRANCAARLkJxMpatYV8Eh5XvPuuxEM9tgmq4I
        OwR1AZMI/iUKGBKlCSi+/k9IGbUhCOo/Jz/ZSmblogW9/z1HYrn96KEP
        -----END PRIVATE KEY-----
        """
}
