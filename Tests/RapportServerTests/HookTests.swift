import HTTPTypes
import HummingbirdTesting
import RapportChannels
import RapportCore
import RapportLog
import RapportTestSupport
import Testing

@testable import RapportServer

@Suite("Providers’ hooks")
struct HookTests {
    @Test("an event is in the log before the provider hears so, and a repetition changes nothing")
    func committed() async throws {
        try await TestHub.run(.live) { hub, client in
            let first = try await client.send(.post, "/in/shop/a%2Fb/c?x=%20y", body: "hello")
            #expect(first.status == .created)
            #expect(first.text == "i1")
            let row = try #require(try await hub.store.interaction(InteractionID(1), payload: false))
            #expect(row.text == "hello")
            #expect(row.adapter == "shop")
            #expect(row.attributes["url"] == "https://hub.example/base/in/shop/a%2Fb/c?x=%20y")
            #expect(row.attributes["path"] == "/a/b/c")
            #expect(row.attributes["query"] == "x=%20y")
            #expect(try await client.send(.get, "/in/shop").text == "i1")
            #expect(try await hub.store.lastPosition() == 1)
        }
    }

    @Test(
        "a refused request is answered by its reason, counted and not stored",
        arguments: [
            ("signature", 401), ("stale", 401), ("malformed", 400), ("method", 405), ("too-large", 413), ("path", 404),
        ])
    func refused(code: String, status: Int) async throws {
        try await TestHub.run(.live) { hub, client in
            let answer = try await client.send(.post, "/in/shop", headers: ["x-say": code], body: "{}")
            #expect(answer.status.code == status)
            #expect(answer[header: "content-type"] == "application/problem+json")
            // What the adapter does not take is not among what is allowed.
            #expect(answer[header: "allow"] == (code == "method" ? "GET" : nil))
            #expect(try answer.json["status"]?.integer == Int64(status))
            #expect(
                try answer.json["detail"]?.string
                    == (code == "malformed"
                        ? "$.events[3].id: expected a text" : code == "too-large" ? "key 4711" : nil)
            )
            #expect(try await hub.store.lastPosition() == 0)
            let counted = "rapport_inbound_rejections_total{adapter=\"shop\",code=\"\(code)\"} 1\n"
            #expect(hub.services.metrics.text().contains(counted))
        }
    }

    @Test("a wrong signature and a stale one can't be told apart")
    func forger() async throws {
        try await TestHub.run(.live) { _, client in
            let wrong = try await client.send(.post, "/in/shop", headers: ["x-say": "signature"])
            let stale = try await client.send(.post, "/in/shop", headers: ["x-say": "stale"])
            #expect(wrong.text == stale.text)
            #expect(!wrong.text.contains("4711"))
        }
    }

    @Test(
        "nobody’s adapter is 404, and what was asked for is not a label",
        arguments: ["/in/nobody", "/in/no%FF/x", "/in/"])
    func unknown(path: String) async throws {
        try await TestHub.run(.live) { hub, client in
            let answer = try await client.send(.post, path, body: "{}")
            #expect(answer.status == .notFound)
            #expect(answer[header: "content-type"] == "application/problem+json")
            let metrics = hub.services.metrics.text()
            #expect(!metrics.contains("nobody"))
            // A path that names nothing is no provider's.
            if path != "/in/" {
                #expect(metrics.contains("rapport_inbound_rejections_total{adapter=\"unknown\",code=\"path\"} 1\n"))
            }
        }
    }

    @Test("other methods than GET and POST are 405")
    func methods() async throws {
        try await TestHub.run(.live) { _, client in
            let answer = try await client.send(.put, "/in/shop", body: "{}")
            #expect(answer.status == .methodNotAllowed)
            #expect(answer[header: "allow"] == "GET, POST")
        }
    }

    @Test(
        "while the store can’t take events the provider is told to come again",
        arguments: [EventSinkError.busy, .storeUnavailable, .shuttingDown])
    func unavailable(error: EventSinkError) async throws {
        try await TestHub.run(.live, sink: RefusingSink(error: error)) { _, client in
            let answer = try await client.send(.post, "/in/shop", body: "{}")
            #expect(answer.status == .serviceUnavailable)
            #expect(answer[header: "retry-after"] == "5")
        }
    }

    @Test("bodies that are too much together are 503 and store nothing, and there is room again afterwards")
    func crowded() async throws {
        try await TestHub.run(.live, change: { $0.bodyMemory = 100 }) { hub, client in
            let port = try #require(client.port)
            for _ in 0..<3 {
                let answer = try await RawClient.post(port: port, String(repeating: "a", count: 101))
                #expect(answer.hasPrefix("HTTP/1.1 503 "))
                #expect(answer.contains("\r\nretry-after: 1\r\n") && answer.contains("\r\nconnection: close\r\n"))
            }
            #expect(try await hub.store.lastPosition() == 0)
            for id in ["1", "2"] {
                let body = String(repeating: "a", count: 100)
                #expect(
                    try await client.send(.post, "/in/shop", headers: ["x-id": id], body: body).status == .created)
            }
        }
    }

    @Test("a body over the adapter’s limit is 413 and stores nothing")
    func tooLarge() async throws {
        try await TestHub.run(.live) { hub, client in
            #expect(
                try await client.send(.post, "/in/shop", body: String(repeating: "a", count: 1024)).status == .created)
            let answer = try await client.send(.post, "/in/shop", body: String(repeating: "a", count: 1025))
            #expect(answer.status == .contentTooLarge)
            #expect(answer[header: "connection"] == "close")
            #expect(try await hub.store.lastPosition() == 1)
        }
    }

    @Test("neither the path, the query, the body nor a header reaches the program’s log")
    func redaction() async throws {
        try await TestHub.run(.live) { hub, client in
            let headers = ["x-say": "malformed", "authorization": "Bearer s3cret-a"]
            _ = try await client.send(
                .post, "/in/shop/s3cret-b?t=s3cret-c", headers: headers, body: "{\"a\":\"s3cret-d\"}")
            _ = try await client.send(.get, "/u/s3cret-e?x=s3cret-f")
            _ = try await client.send(.get, "/s3cret-g", token: "s3cret-h")
            #expect(hub.log.text.contains("/in/{adapter}") || hub.log.text.contains("/in/:adapter"))
            #expect(!hub.log.text.contains("s3cret"))
            #expect(!hub.services.metrics.text().contains("s3cret"))
        }
    }
}
