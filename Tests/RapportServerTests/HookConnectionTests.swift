import Foundation
import HummingbirdTesting
import NIOCore
import RapportChannels
import RapportCore
import RapportLog
import ServiceLifecycle
import Synchronization
import Testing

@testable import RapportServer

@Suite("Connections of providers")
struct HookConnectionTests {
    private static func call(_ id: String, _ headers: String = "") -> String {
        "POST /in/shop HTTP/1.1\r\nHost: x\r\nX-Id: \(id)\r\n\(headers)Content-Length: 2\r\n\r\n{}"
    }

    private static func statuses(_ answers: String) -> [String] {
        answers.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) }
    }

    @Test("what is asked without waiting for answers is answered in order, whoever answers it")
    func pipelined() async throws {
        try await TestHub.run(.live) { hub, client in
            let calls = [
                Self.call("1"), "GET /in/nobody HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/customers/1 HTTP/1.1\r\nHost: x\r\n\r\n", Self.call("2"), Self.call("1"),
                Self.call("3", "Connection: close\r\n"), Self.call("4"),
            ]
            let answers = try await RawClient.exchange(port: try #require(client.port), [calls.joined()])
            #expect(Self.statuses(answers) == ["201", "404", "401", "201", "201", "201"])
            let ids = answers.matches(of: /\r\n\r\n(i\d)/).map { String($0.1) }
            #expect(ids == ["i1", "i2", "i1", "i3"])
            #expect(try await hub.store.lastPosition() == 3)
        }
    }

    private static let goOn = "HTTP/1.1 100 Continue\r\n\r\n"

    @Test(
        "a client that waits with its body is told to go on, once",
        arguments: [("/in/shop", "201"), ("http://hub.example/in/shop", "201"), ("/v1/messages", "400")])
    func waiting(target: String, status: String) async throws {
        try await TestHub.run(.live) { _, client in
            let answer = try await RawClient.exchange(
                port: try #require(client.port),
                """
                POST \(target) HTTP/1.1\r\nHost: x\r\nX-Id: 1\r\nAuthorization: Bearer shop-token\r\n\
                Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-Continue\r\nConnection: close\r\n\r\n
                """, uponHearing: Self.goOn, "{}")
            #expect(Self.statuses(answer) == ["100", status])
            #expect(answer.hasPrefix(Self.goOn + "HTTP/1.1 "))
        }
    }

    @Test(
        "a client that waits with a body that nobody wants, or has none, is not told to go on",
        arguments: [
            ("/in/nobody", "2", "404"), ("/in/shop", "99999999", "413"), ("/in/shop", "0", "201"),
            ("/v1/messages", "2", "401"),
        ])
    func waitingInVain(target: String, length: String, status: String) async throws {
        try await TestHub.run(.live) { _, client in
            let answer = try await RawClient.exchange(
                port: try #require(client.port),
                [
                    """
                    POST \(target) HTTP/1.1\r\nHost: x\r\nX-Id: 1\r\nContent-Length: \(length)\r\n\
                    Expect: 100-continue\r\nConnection: close\r\n\r\n
                    """
                ])
            #expect(Self.statuses(answer) == [status])
        }
    }

    @Test("a call of the protocol before this one is answered, and its connection ends")
    func old() async throws {
        try await TestHub.run(.live) { hub, client in
            let call = Self.call("1").replacingOccurrences(of: "HTTP/1.1", with: "HTTP/1.0")
            let answer = try await RawClient.exchange(port: try #require(client.port), [call])
            #expect(answer.hasPrefix("HTTP/1.1 201 "))
            #expect(answer.contains("\r\nconnection: close\r\n"))
            #expect(try await hub.store.lastPosition() == 1)
        }
    }

    @Test("every answer has its length and a date, and HEAD no body")
    func head() async throws {
        try await TestHub.run(.live) { _, client in
            let call = "HEAD /in/shop HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            let answer = try await RawClient.exchange(port: try #require(client.port), [call])
            #expect(answer.hasPrefix("HTTP/1.1 405 "))
            #expect(answer.contains("\r\ndate: Sun, 31 May 2026 10:00:00 GMT\r\n"))
            let length = try #require(answer.firstMatch(of: /\r\ncontent-length: (\d+)\r\n/).flatMap { Int($0.1) })
            #expect(length > 0)
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("what is no HTTP behind a call is told so after the call’s answer")
    func noise() async throws {
        try await TestHub.run(.live) { hub, client in
            let answers = try await RawClient.exchange(
                port: try #require(client.port), [Self.call("1") + "no such thing\r\n\r\n"])
            #expect(Self.statuses(answers) == ["201", "400"])
            #expect(try await hub.store.lastPosition() == 1)
        }
    }

    @Test("a body that is none is told so, and its connection ends")
    func badChunk() async throws {
        try await TestHub.run(.live) { hub, client in
            let head = "POST /in/shop HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            let answer = try await RawClient.exchange(port: try #require(client.port), [head, "no length\r\n"])
            #expect(Self.statuses(answer) == ["400"])
            #expect(answer.contains("\"code\":\"interrupted\""))
            #expect(try await hub.store.lastPosition() == 0)
            let counted = "rapport_inbound_rejections_total{adapter=\"shop\",code=\"interrupted\"} 1\n"
            #expect(hub.services.metrics.text().contains(counted))
        }
    }

    @Test(
        "bodies take room until they are answered, whoever answers them", .timeLimit(.minutes(1)),
        arguments: [("/in/shop", "201"), ("/v1/events", "202")])
    func unanswered(target: String, status: String) async throws {
        let sink = GatedSink()
        let body = #"{"kind":"note.added","addresses":["ana@example.com"],"text":"hello"}"#
        let fields = "Authorization: Bearer shop-token\r\nContent-Type: application/json\r\n"
        try await TestHub.run(.live, sink: sink, change: { $0.bodyMemory = 100 }) { _, client in
            let port = try #require(client.port)
            async let first = RawClient.post(port: port, body, to: target, fields: fields)
            await sink.isAsked()
            let second = try await RawClient.post(port: port, body, to: target, fields: fields)
            #expect(Self.statuses(second) == ["503"])
            sink.open()
            let answer = try await first
            #expect(Self.statuses(answer) == [status])
            let third = try await RawClient.post(port: port, body, to: target, fields: fields)
            #expect(Self.statuses(third) == [status])
        }
    }

    @Test("bodies that are refused leave room for others, whoever refuses them", arguments: ["/in/shop", "/v1/events"])
    func refused(target: String) async throws {
        try await TestHub.run(.live, change: { $0.bodyMemory = 100 }) { _, client in
            let port = try #require(client.port)
            let fields =
                "X-Say: malformed\r\nAuthorization: Bearer shop-token\r\nContent-Type: application/json\r\n"
            for _ in 0..<3 {
                let answer = try await RawClient.post(
                    port: port, String(repeating: "a", count: 60), to: target, fields: fields)
                #expect(Self.statuses(answer) == ["400"])
            }
        }
    }

    @Test("bodies that break off leave room for others")
    func abandoned() async throws {
        try await TestHub.run(.live, change: { $0.bodyMemory = 100 }) { hub, client in
            let port = try #require(client.port)
            let half = "POST /in/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"
            for _ in 0..<3 {
                _ = try await RawClient.exchange(
                    port: port, [half + String(repeating: "a", count: 60)], endsSending: true)
            }
            #expect(try await RawClient.post(port: port, String(repeating: "a", count: 100)).hasPrefix("HTTP/1.1 201 "))
        }
    }

    @Test(
        "a connection on which nothing whole is said is closed",
        arguments: ["", "POST /in/shop HTTP/1.1\r\nHost: x\r\n"])
    func idle(said: String) async throws {
        try await TestHub.run(.live, change: { $0.idleTimeoutSeconds = 1 }) { _, client in
            let port = try #require(client.port)
            #expect(try await RawClient.exchange(port: port, [said]) == "")
        }
    }

    @Test("a connection is not idle while its answer is awaited")
    func awaited() async throws {
        let sink = GatedSink()
        try await TestHub.run(.live, sink: sink, change: { $0.idleTimeoutSeconds = 1 }) { _, client in
            let port = try #require(client.port)
            async let answer = RawClient.post(port: port, "{}")
            await sink.isAsked()
            // Another one ends meanwhile for being idle as long.
            _ = try await RawClient.exchange(port: port, [])
            _ = try await RawClient.exchange(port: port, [])
            sink.open()
            #expect(try await answer.hasPrefix("HTTP/1.1 201 "))
        }
    }

    @Test("a client that has closed its own side gets its answers", arguments: 1...3)
    func halfClosed(count: Int) async throws {
        try await TestHub.run(.live, sink: SlowSink()) { _, client in
            let calls = (1...count).map { Self.call("\($0)") }.joined()
            let answers = try await RawClient.exchange(
                port: try #require(client.port), [calls], endsSending: true)
            #expect(Self.statuses(answers) == Array(repeating: "201", count: count))
        }
    }

    @Test(
        "a client whose calls were refused by their heads is let go when it has closed its own side",
        .timeLimit(.minutes(1)))
    func refusedAndClosed() async throws {
        // Sooner than it would be closed for being idle.
        try await TestHub.run(.live, change: { $0.idleTimeoutSeconds = 3600 }) { _, client in
            let call = "GET /in/nobody HTTP/1.1\r\nHost: x\r\n\r\n"
            let answers = try await RawClient.exchange(
                port: try #require(client.port), [call + call], endsSending: true)
            #expect(Self.statuses(answers) == ["404", "404"])
        }
    }

    @Test("the server returns only when what a client who hung up has sent is taken")
    func hangingUp() async throws {
        let sink = GatedSink()
        try await TestHub.run(.router, sink: sink) { hub, _ in
            let (ports, said) = AsyncStream.makeStream(of: Int.self)
            var settings = hub.settings
            settings.port = 0
            let server = try makeServer(settings: settings, services: hub.services) { said.yield($0) }
            let group = ServiceGroup(services: [server], logger: hub.services.logger)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    try await group.run()
                    #expect(sink.isOpen)
                }
                let port = try #require(await ports.first { _ in true })
                try await RawClient.sayAndHangUp(port: port, Self.call("1"))
                await sink.isAsked()
                await group.triggerGracefulShutdown()
                try await Task.sleep(for: .milliseconds(300))
                sink.open()
                try await tasks.waitForAll()
            }
        }
    }

    @Test(
        "a target is read as it is, also one that is written whole",
        arguments: [
            ("/in/shop", "/in/shop", nil), ("/in/a%2Fb/c?x=%20?y", "/in/a%2Fb/c", "x=%20?y"),
            ("/in/shop?", "/in/shop", ""),
            ("http://hub.example/in/shop?a=b#c", "/in/shop", "a=b"), ("https://[::1]:8080/in/x", "/in/x", nil),
            ("http://hub.example", "/", nil), ("http://hub.example?a", "/", "a"), ("*", "*", nil),
            ("/a#b?c", "/a", nil),
            ("in/shop", "in/shop", nil), ("", "/", nil), ("x:/in/shop", "x:/in/shop", nil),
        ] as [(String, String, String?)])
    func target(text: String, path: String, query: String?) {
        #expect(RequestTarget(text) == RequestTarget(path: path, query: query))
    }

    @Test(
        "a head with more marks on a character than anybody writes is refused, whoever would answer it",
        arguments: [
            ("/in/shop", 30, "201"), ("/in/shop", 31, "400"), ("/healthz", 30, "200"), ("/healthz", 31, "400"),
        ])
    func marks(path: String, count: Int, status: String) async throws {
        try await TestHub.run(.live) { _, client in
            let marks = String(repeating: "\u{301}", count: count)
            // The connection goes on behind a refusal.
            let calls = [
                "GET \(path) HTTP/1.1\r\nHost: x\r\nCookie: a\(marks)\r\n\r\n",
                "GET /in/nobody HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            ]
            let answers = try await RawClient.exchange(port: try #require(client.port), [calls.joined()])
            #expect(Self.statuses(answers) == [status, "404"])
        }
    }

    @Test("a target that is not ASCII is no HTTP", arguments: ["/in/shop?\u{e9}", "/in/\u{e9}", "/healthz?\u{e9}"])
    func foreignTarget(written: String) async throws {
        try await TestHub.run(.live) { hub, client in
            let call = "GET \(written) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            let answer = try await RawClient.exchange(port: try #require(client.port), [call])
            #expect(Self.statuses(answer) == ["400"])
            #expect(try await hub.store.lastPosition() == 0)
        }
    }

    @Test("a path with more marks on a character than anybody writes is no hook's, also when it is percent-encoded")
    func markedPath() {
        for mark in ["\u{301}", "%CC%81"] {
            let (some, many) = (String(repeating: mark, count: 30), String(repeating: mark, count: 31))
            #expect(HookPath("/in/shop\(some)/a\(some)") != nil)
            #expect(HookPath("/in/shop\(many)") == nil)
            #expect(HookPath("/in/shop/a/b\(many)") == nil)
        }
    }

    @Test("a target that is written whole reaches its adapter")
    func whole() async throws {
        try await TestHub.run(.live) { hub, client in
            let call = Self.call("1", "Connection: close\r\n").replacingOccurrences(
                of: " /in/shop ", with: " http://x/in/shop/a?b ")
            let port = try #require(client.port)
            #expect(try await RawClient.exchange(port: port, [call]).hasPrefix("HTTP/1.1 201 "))
            let row = try #require(try await hub.store.interaction(InteractionID(1), payload: false))
            #expect(row.attributes["url"] == "https://hub.example/base/in/shop/a?b")
        }
    }
}

/// Takes its time, so that a client's end is heard before the answer is there.
private struct SlowSink: EventSink {
    func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent] {
        try? await Task.sleep(for: .milliseconds(100))
        return delivery.events.map { _ in
            CommittedEvent(interaction: InteractionID(1), customer: nil, isRepetition: false)
        }
    }
}
