import Foundation
import HummingbirdTesting
import NIOCore
import NIOEmbedded
import RapportChannels
import RapportCore
import RapportLog
import RapportTestSupport
import Testing

@testable import RapportServer

@Suite("Connections of plain calls")
struct PlainCallsTests {
    private static func call(_ id: String, headers: String = "", target: String = "/in/shop", body: String = "{}")
        -> String
    {
        "POST \(target) HTTP/1.1\r\nHost: x\r\nX-Id: \(id)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func statuses(_ answers: String) -> [String] {
        answers.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) }
    }

    /// Adapters of every size and mood.
    private static let adapters: [any InboundAdapter] = [TestAdapter(), SilentAdapter()]

    private struct Request: CustomTestStringConvertible, Sendable {
        var headers = ""
        var target = "/in/shop"
        var body = "{}"
        var status: String
        var sink: RefusingSink?
        var testDescription: String { status + " " + target + " " + headers.filter { $0 != "\r\n" } }
    }

    private static let requests = [
        Request(status: "201"), Request(target: "/in/shop/a%2Fb?c=%20d", status: "201"),
        Request(body: "", status: "201"),
        Request(target: "/in/silent", status: "204"), Request(target: "/in/nobody", status: "404"),
        Request(target: "/in/shop%ff", status: "404"), Request(headers: "x-say: stranger\r\n", status: "401"),
        Request(headers: "x-say: malformed\r\n", status: "400"),
        Request(headers: "x-say: signature\r\n", status: "401"),
        Request(body: String(repeating: "a", count: 1025), status: "413"),
        Request(status: "503", sink: RefusingSink(error: .busy)),
    ]

    /// What one request has led to.
    private struct Outcome: Equatable {
        /// Apart from whether the connection ends: that of others does where a body is not wanted that may still be on its
        /// way.
        var answer: String
        var row: Interaction?
        var counts: [Substring]
        /// Of the log, apart from how long it took; sorted, because what goes with a line has no order.
        var line: [Character]
    }

    @Test("they are answered, counted and logged as all others are", arguments: requests)
    private func alike(request: Request) async throws {
        var outcomes: [Outcome] = []
        // The second is for others.
        for headers in ["", "Connection: keep-alive\r\n"] {
            outcomes.append(
                try await TestHub.run(.live, adapters: Self.adapters, sink: request.sink) { hub, client in
                    let call = Self.call(
                        "1", headers: headers + request.headers, target: request.target, body: request.body)
                    let answer = try await RawClient.exchange(
                        port: try #require(client.port), [call], endsSending: true)
                    let lines = hub.log.text.split(separator: "\n").filter { $0.contains(" request ") }
                    #expect(lines.count == 1)
                    return Outcome(
                        answer: answer.replacing("connection: close\r\n", with: ""),
                        row: try await hub.store.interaction(InteractionID(1), payload: false),
                        counts: hub.services.metrics.text().split(separator: "\n").filter { $0.contains("_total") },
                        line: lines.joined().replacing(/"milliseconds": [0-9.e-]+/, with: "").sorted())
                })
        }
        #expect(Self.statuses(outcomes[0].answer) == [request.status])
        #expect(outcomes[0] == outcomes[1])
    }

    @Test("what comes ahead of an answer is answered in order, whatever it is")
    func ahead() async throws {
        let sink = GatedSink()
        try await TestHub.run(.live, sink: sink) { _, client in
            let answers = try await RawConnection.run(port: try #require(client.port)) { connection in
                try await connection.say(Self.call("1"))
                await sink.isAsked()
                let rest = Self.call("2") + "GET /v1/customers/1 HTTP/1.1\r\nHost: x\r\n\r\n"
                try await connection.say(rest + Self.call("3", headers: "Connection: close\r\n"))
                // Time to be taken for a call.
                try await Task.sleep(for: .milliseconds(100))
                sink.open()
            }
            #expect(Self.statuses(answers) == ["201", "201", "401", "201"])
        }
    }

    @Test("one call may come ahead of another’s answer, and the connection goes on behind them")
    func oneAhead() async throws {
        let sink = GatedSink()
        try await TestHub.run(.live, sink: sink) { _, client in
            let answers = try await RawConnection.run(port: try #require(client.port)) { connection in
                try await connection.say(Self.call("1"))
                await sink.isAsked()
                try await connection.say(Self.call("2"))
                try await Task.sleep(for: .milliseconds(100))
                sink.open()
                try await connection.hears("i1", times: 2)
                try await connection.say(Self.call("3"))
                try await connection.hears("i1", times: 3)
                connection.endSaying()
            }
            #expect(Self.statuses(answers) == ["201", "201", "201"])
        }
    }

    @Test("nothing that came ahead is lost when the client says that it has said all")
    func allSaid() async throws {
        let sink = GatedSink()
        try await TestHub.run(.live, sink: sink) { _, client in
            let answers = try await RawConnection.run(port: try #require(client.port)) { connection in
                // Each is read by itself; with the end all that waits is read, whoever wants it.
                for id in 1...4 {
                    try await connection.say(Self.call("\(id)"))
                    if id == 1 { await sink.isAsked() }
                    try await Task.sleep(for: .milliseconds(50))
                }
                connection.endSaying()
                try await Task.sleep(for: .milliseconds(100))
                sink.open()
            }
            #expect(Self.statuses(answers) == ["201", "201", "201", "201"])
        }
    }

    @Test("what looks like a call in the midst of something else is none")
    func inside() async throws {
        try await TestHub.run(.live) { hub, client in
            let body = Self.call("1")
            let answers = try await RawConnection.run(port: try #require(client.port)) { connection in
                try await connection.say(
                    "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
                )
                try await Task.sleep(for: .milliseconds(100))
                try await connection.say(body)
            }
            #expect(Self.statuses(answers) == ["401"])
            #expect(try await hub.store.lastPosition() == 0)
        }
    }

    /// Stands behind them.
    private final class Others: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var events: [Any] = []
        var reads = 0

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) { events.append(event) }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { reads += 1 }
    }

    @Test(
        "that the server stops is told when the call under way is answered, with the end of the connection",
        .timeLimit(.minutes(1)))
    func stopping() async throws {
        let sink = GatedSink()
        try await TestHub.run(sink: sink) { hub, _ in
            let channel = NIOAsyncTestingChannel()
            let (hooks, loop) = (hub.hooks, channel.testingEventLoop)
            let others = try await loop.executeInContext {
                let others = Others()
                let calls = PlainCalls(hooks, in: CallsOfTurn(hooks, on: loop), breaking: Silence())
                try channel.pipeline.syncOperations.addHandlers([calls, others])
                return NIOLoopBound(others, eventLoop: loop)
            }
            async let _: Void = Self.turn(loop)
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
            try await channel.writeInbound(ByteBuffer(string: Self.call("1")))
            await sink.isAsked()
            try await channel.writeInbound(ByteBuffer(string: Self.call("2")))
            try await loop.executeInContext {
                channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
            #expect(try await loop.executeInContext { others.value.events.isEmpty })
            sink.open()
            let answer = String(buffer: try await channel.waitForOutboundWrite(as: ByteBuffer.self))
            #expect(Self.statuses(answer) == ["201"])
            #expect(answer.contains("\r\nconnection: close\r\n"))
            let (events, reads) = try await loop.executeInContext {
                (others.value.events.count { $0 is ChannelShouldQuiesceEvent }, others.value.reads)
            }
            #expect(events == 1)
            #expect(reads == 0, "nothing that came behind it")
            #expect(try await channel.readOutbound(as: ByteBuffer.self) == nil)
        }
    }

    /// Lets such a loop turn until nobody awaits it.
    private static func turn(_ loop: NIOAsyncTestingEventLoop) async {
        while !Task.isCancelled {
            await loop.run()
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    @Test("a connection is idle when its last call is answered, not before", .timeLimit(.minutes(1)))
    func idle() async throws {
        let sink = GatedSink()
        try await TestHub.run(.live, sink: sink, change: { $0.idleTimeoutSeconds = 1 }) { _, client in
            let port = try #require(client.port)
            async let answer = RawClient.exchange(port: port, [Self.call("1")])
            await sink.isAsked()
            // Another one ends meanwhile for being idle as long.
            _ = try await RawClient.exchange(port: port, [])
            _ = try await RawClient.exchange(port: port, [])
            sink.open()
            #expect(try await answer.hasPrefix("HTTP/1.1 201 "))
        }
    }

    @Test("their bodies take room until they are answered", .timeLimit(.minutes(1)))
    func room() async throws {
        let sink = GatedSink()
        try await TestHub.run(.live, sink: sink, change: { $0.bodyMemory = 100 }) { _, client in
            let port = try #require(client.port)
            let call = Self.call("1", body: String(repeating: "a", count: 60))
            async let first = RawClient.exchange(port: port, [call], endsSending: true)
            await sink.isAsked()
            // It is told to go, because others may be let in meanwhile.
            let answer = try await RawClient.exchange(port: port, [call])
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("\r\nconnection: close\r\n"))
            sink.open()
            #expect(try await first.hasPrefix("HTTP/1.1 201 "))
            #expect(try await RawClient.exchange(port: port, [call], endsSending: true).hasPrefix("HTTP/1.1 201 "))
        }
    }

    /// Stands at the socket and counts how often it is asked for more.
    private final class Socket: ChannelOutboundHandler {
        typealias OutboundIn = Any
        var reads = 0

        func read(context: ChannelHandlerContext) { reads += 1 }
    }

    @Test("one read goes ahead of each answer, and none once it has brought something")
    func reads() async throws {
        try await TestHub.run { hub, _ in
            let (channel, socket) = (EmbeddedChannel(), Socket())
            let turn = CallsOfTurn(hub.hooks, on: channel.eventLoop)
            let handlers: [any ChannelHandler] = [socket, PlainCalls(hub.hooks, in: turn, breaking: Silence())]
            try channel.pipeline.syncOperations.addHandlers(handlers)
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
            let before = socket.reads
            // This one is answered at once.
            try channel.writeInbound(ByteBuffer(string: Self.call("1", target: "/in/nobody")))
            #expect(socket.reads == before + 1)
            // Those are not answered, because no turn of the loop ends here.
            try channel.writeInbound(ByteBuffer(string: Self.call("1")))
            #expect(socket.reads == before + 2)
            try channel.writeInbound(ByteBuffer(string: Self.call("2")))
            channel.read()
            #expect(socket.reads == before + 2)
        }
    }

    @Test("a connection’s silence ends with a call and begins anew with its answer")
    func silence() async throws {
        try await TestHub.run { hub, _ in
            let (channel, silence) = (EmbeddedChannel(), Silence())
            let turn = CallsOfTurn(hub.hooks, on: channel.eventLoop)
            try channel.pipeline.syncOperations.addHandler(PlainCalls(hub.hooks, in: turn, breaking: silence))
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
            let begun = silence.since
            try channel.writeInbound(ByteBuffer(string: Self.call("1", target: "/in/nobody")))
            let answered = silence.since
            #expect(begun < answered)
            #expect(silence.since == answered)
            try channel.writeInbound(ByteBuffer(string: Self.call("1")))
            let asked = silence.since
            #expect(answered < asked)
            #expect(asked < silence.since, "as long as it is not answered")
        }
    }
}

/// Has nothing to say.
private struct SilentAdapter: InboundAdapter {
    let name = "silent"

    func receive(_ request: InboundRequest) throws(InboundRejection) -> InboundResult {
        InboundResult(events: []) { _ in InboundReply(status: 204, body: "") }
    }
}
