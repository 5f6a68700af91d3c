import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import RapportServer

@Suite("Listening ahead")
struct ReadAheadTests {
    /// Stands at the socket and counts how often it is asked for more.
    private final class Socket: ChannelOutboundHandler {
        typealias OutboundIn = Any
        var reads = 0

        func read(context: ChannelHandlerContext) { reads += 1 }
    }

    private final class Server: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        var hasHeardEnd = false

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { hasHeardEnd = true }
        }
    }

    private let socket = Socket()
    private let server = Server()
    private let channel: EmbeddedChannel

    init() throws {
        channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandlers([socket, ReadAhead(), server])
    }

    private func ask() throws {
        try begin()
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
    }

    private func begin() throws {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
        try channel.writeInbound(HTTPServerRequestPart.head(head))
    }

    private func answer() throws {
        try channel.writeOutbound(HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok)))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    @Test("one read goes ahead of each answer, and none once it has brought something, until all is answered")
    func once() throws {
        try ask()
        #expect(socket.reads == 1)
        try answer()
        #expect(socket.reads == 1)
        try ask()
        #expect(socket.reads == 2)
        try ask()
        #expect(socket.reads == 2)
        try answer()
        try ask()
        #expect(socket.reads == 2, "what one read brings is all that may wait")
        try answer()
        try answer()
        try ask()
        #expect(socket.reads == 3)
    }

    @Test("that the client has said all is told when all is answered")
    func end() throws {
        try ask()
        try ask()
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        try answer()
        #expect(!server.hasHeardEnd)
        try answer()
        #expect(server.hasHeardEnd)
    }

    @Test("it is told at once where nothing is asked, or only half")
    func endInBetween() throws {
        try begin()
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(server.hasHeardEnd)
    }

    @Test("it is told when all that is whole is answered, whatever has begun behind it")
    func endAmidTheNext() throws {
        try ask()
        try begin()
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!server.hasHeardEnd)
        try answer()
        #expect(server.hasHeardEnd)
    }

    @Test("who is answered before all of their request has come owes nothing for it")
    func early() throws {
        try begin()
        try answer()
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        #expect(socket.reads == 0)
        try ask()
        #expect(socket.reads == 1)
        try answer()
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(server.hasHeardEnd)
    }

    @Test("an answer to what could not be read is no answer to a request")
    func unread() throws {
        try answer()
        try ask()
        #expect(socket.reads == 1)
    }
}
