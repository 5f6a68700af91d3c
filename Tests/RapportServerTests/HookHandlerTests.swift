import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import RapportServer

@Suite("The last answer of a connection")
struct HookHandlerTests {
    /// What is let through to the router.
    private final class Router: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        var parts = 0
        var errors = 0

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { parts += 1 }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { errors += 1 }
    }

    @Test(
        "nothing that comes behind it is answered, also not that it is no HTTP",
        arguments: [["connection": "close"], ["content-length": "99999999"], [:]] as [HTTPHeaders])
    func last(_ headers: HTTPHeaders) async throws {
        try await TestHub.run { hub, _ in
            let channel = EmbeddedChannel()
            let router = Router()
            let handlers: [any ChannelHandler] = [
                HookHandler(hub.hooks, in: CallsOfTurn(hub.hooks, on: channel.eventLoop)), router,
            ]
            try channel.pipeline.syncOperations.addHandlers(handlers)
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
            // There is no such adapter, which is said at once.
            let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/in/nobody", headers: headers)
            let isLast = !headers.isEmpty
            try channel.writeInbound(HTTPServerRequestPart.head(head))
            if headers["content-length"].isEmpty { try channel.writeInbound(HTTPServerRequestPart.end(nil)) }
            channel.pipeline.fireErrorCaught(HTTPParserError.closedConnection)
            try channel.writeInbound(
                HTTPServerRequestPart.head(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/v1/status")))
            #expect(router.errors == (isLast ? 0 : 1))
            #expect(router.parts == (isLast ? 0 : 1))
            var answers = 0
            while let part = try channel.readOutbound(as: HTTPServerResponsePart.self) {
                if case .head(let head) = part {
                    answers += 1
                    #expect(head.status == .notFound)
                    #expect(head.headers["connection"] == (isLast ? ["close"] : []))
                }
            }
            #expect(answers == 1)
            _ = try? channel.finish()
        }
    }
}
