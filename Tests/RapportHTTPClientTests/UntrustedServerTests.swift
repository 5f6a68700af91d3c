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
        let certificate = try NIOSSLCertificate(bytes: Array(Self.certificate.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(Self.key.utf8), format: .pem)
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
        let received = Counter()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLServerHandler(context: context), Listener(received: received))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let code = try await withClient { await $0.failure(.local("https://\(host):\(port)/")) }
        try await server.close()
        #expect(code == .tls)
        #expect(received.value == 0)
    }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let received: Counter

        init(received: Counter) {
            self.received = received
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { received.increment() }
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
