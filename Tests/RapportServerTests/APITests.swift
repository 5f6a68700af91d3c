import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RapportChannels
import RapportCore
import RapportLog
import RapportTestSupport
import Testing

@testable import RapportServer

@Suite("The API")
struct APITests {
    @Test("without a token nothing is said, and with one only what its scopes cover")
    func authorization() async throws {
        try await TestHub.run { hub, client in
            let before = try await hub.store.lastPosition()
            for token in [nil, "", "wrong", "read-tokens", "READ-TOKEN"] as [String?] {
                let answer = try await client.send(.get, "/v1/campaigns", token: token)
                #expect(answer.status == .unauthorized)
                #expect(answer[header: "www-authenticate"] == "Bearer")
            }
            #expect(try await client.send(.get, "/v1/campaigns", token: "read-token").status == .ok)
            for (method, path) in [
                (.post, "events"), (.post, "customers"), (.patch, "customers/c1"), (.put, "customers/c1/preferences"),
                (.post, "messages"), (.post, "campaigns/x/pause"), (.post, "follow-ups/f1/close"),
                (.post, "follow-ups/f1/assign"),
            ] as [(HTTPRequest.Method, String)] {
                let answer = try await client.send(method, "/v1/" + path, token: "read-token", body: "{}")
                #expect(answer.status == .forbidden, "\(path)")
            }
            for path in [
                "customers?address=x", "customers/c1", "customers/c1/timeline", "customers/c1/brief",
                "customers/c1/preferences", "messages/d1", "campaigns", "campaigns/x", "follow-ups",
            ] {
                #expect(try await client.send(.get, "/v1/" + path, token: "till-token").status == .forbidden, "\(path)")
            }
            #expect(try await hub.store.lastPosition() == before)
            #expect(!hub.log.text.contains("read-token"))
        }
    }

    @Test("a token is found by its bytes, also one whose first mark belongs to the blank before it in a text")
    func markedToken() async throws {
        let marked = "\u{301}token"
        let token = try APIToken(name: "odd", sha256: TestHub.hash(marked), scopes: [.read])
        try await TestHub.run(change: { $0.tokens.append(token) }) { _, client in
            let found = try await client.send(.get, "/v1/campaigns", token: marked).status
            let other = try await client.send(.get, "/v1/campaigns", token: "token").status
            #expect(found == .ok && other == .unauthorized)
        }
    }

    @Test("events are logged once, one or many, under the token’s name")
    func events() async throws {
        try await TestHub.run { hub, client in
            let one = """
                {"id": "e1", "kind": "event.order-paid", "occurredAt": "2026-05-30T08:00:00+08:00", "channel": "webhook",
                 "addresses": ["mailto:Ana@Example.com", "tel:+8613800138000"], "subject": "Order 7", "text": "paid",
                 "language": "zh-CN", "attributes": {"total": 12.50, "ok": true}, "from": "shop"}
                """
            let first = try await client.api(.post, "events", one)
            #expect(first.status == .accepted)
            #expect(first.text == "{\"events\":[{\"interaction\":\"i1\",\"customer\":\"c1\",\"repetition\":false}]}\n")
            let row = try #require(try await hub.store.interaction(InteractionID(1), payload: true))
            #expect(row.adapter == "api:shop")
            #expect(row.occurredAt.rfc3339 == "2026-05-30T00:00:00Z")
            #expect(row.attributes["total"] == "12.50")
            #expect(row.payload == Interaction.Payload(type: "application/json", bytes: Array(one.utf8)))

            let again = try await client.api(.post, "events", "[\(one)]")
            #expect(again.status == .ok)
            #expect(again.text.contains("\"repetition\":true"))
            let note = "{\"kind\": \"note.added\", \"customer\": \"c1\", \"text\": \"called\"}"
            let many = try await client.api(.post, "events", "[\(one), \(note)]")
            #expect(many.status == .accepted)
            let second = try #require(try await hub.store.interaction(InteractionID(2), payload: true))
            #expect(second.direction == .internal && second.payload?.bytes == Array(note.utf8))
        }
    }

    @Test("an event names a customer who is known and not erased, and its addresses are compared with theirs")
    func customersOfEvents() async throws {
        try await TestHub.run { hub, client in
            for name in ["ana", "bo"] {
                _ = try await client.api(
                    .post, "events", "{\"kind\":\"link.clicked\",\"addresses\":[\"\(name)@example.com\"]}")
            }
            let unknown = try await client.api(.post, "events", "{\"kind\":\"note.added\",\"customer\":\"c99\"}")
            #expect(unknown.status == .notFound)
            let both =
                "{\"kind\":\"link.clicked\",\"customer\":\"c1\","
                + "\"addresses\":[\"bo@example.com\",\"tel:+8613800138000\"]}"
            #expect(try await client.api(.post, "events", both).status == .accepted)
            let rows = try await hub.store.interactions(after: InteractionID(2), limit: 9)
            #expect(rows.map(\.kind) == [.linkClicked, .identityConflict])
            #expect(rows.last?.attributes["customers"] == "c2")
            let ana = try #require(try await hub.store.customers([CustomerID(1)])[CustomerID(1)])
            #expect(ana.addresses.map(\.uri) == ["mailto:ana@example.com", "tel:+8613800138000"])
            _ = try await hub.store.erase(CustomerID(1), at: rows[0].recordedAt, by: "li")
            let erased = try await client.api(
                .post, "events", "{\"kind\":\"note.added\",\"customer\":\"c1\",\"text\":\"new\"}")
            #expect(erased.status == .conflict)
        }
    }

    @Test(
        "a bad event is refused with its place, and with it the whole batch",
        arguments: [
            ("{", "line 1, column 2"), ("[]", "$: expected 1 to 500"), ("7", "$: expected an object"),
            ("[{\"kind\":\"note.added\",\"customer\":\"c1\"},{}]", "$[1].kind: expected a value"),
            ("{\"kind\":\"message.recieved\"}", "did you mean ‘message.received’?"),
            ("{\"kind\":\"customer.merged\",\"customer\":\"c1\"}", "$.kind: not a kind that can be posted"),
            ("{\"knid\":\"note.added\"}", "$.knid: unknown field; did you mean ‘kind’?"),
            ("{\"kind\":\"note.added\"}", "$: expected a customer or at least one address"),
            ("{\"kind\":\"note.added\",\"customer\":\"7\"}", "$.customer: expected an id such as c42"),
            ("{\"kind\":\"note.added\",\"addresses\":[7]}", "$.addresses[0]: expected a text"),
            ("{\"kind\":\"note.added\",\"customer\":\"c1\",\"occurredAt\":\"yesterday\"}", "$.occurredAt: expected"),
            ("{\"kind\":\"note.added\",\"customer\":\"c1\",\"attributes\":{\"a\":[]}}", "$.attributes.a: expected"),
            ("{\"kind\":\"note.added\",\"customer\":\"c1\",\"channel\":\"fax\"}", "$.channel: unknown word"),
        ])
    func badEvents(body: String, place: String) async throws {
        try await TestHub.run { hub, client in
            let answer = try await client.api(.post, "events", body)
            #expect(answer.status == .badRequest)
            #expect(answer[header: "content-type"] == "application/problem+json")
            let detail = try #require(try answer.json["detail"]?.string)
            #expect(detail.contains(place), "\(detail)")
            #expect(try await hub.store.lastPosition() == 0)
        }
    }

    @Test("more than 500 events, a body over the limit and another media type are refused")
    func bounds() async throws {
        #expect(ServerSettings().bodyLimit == 1 << 20)
        try await TestHub.run(change: { $0.bodyLimit = 100_000 }) { hub, client in
            let note = "{\"kind\":\"note.added\",\"customer\":\"c1\"}"
            let many = "[" + Array(repeating: note, count: 501).joined(separator: ",") + "]"
            #expect(try await client.api(.post, "events", many).status == .badRequest)
            let large = "{\"kind\":\"note.added\",\"text\":\"\(String(repeating: "a", count: 100_000))\"}"
            #expect(try await client.api(.post, "events", large).status == .contentTooLarge)
            let form = try await client.api(.post, "events", headers: ["content-type": "text/plain"], note)
            #expect(form.status == .unsupportedMediaType)
            #expect(try await hub.store.lastPosition() == 0)
        }
    }

    @Test("while the store can’t take events the caller is told to come again")
    func unavailable() async throws {
        try await TestHub.run(sink: RefusingSink(error: .busy)) { _, client in
            let answer = try await client.api(
                .post, "events", "{\"kind\":\"note.added\",\"addresses\":[\"ana@example.com\"]}")
            #expect(answer.status == .serviceUnavailable)
            #expect(answer[header: "retry-after"] == "5")
        }
    }

    @Test("a query that nobody knows is refused with the nearest known")
    func query() async throws {
        try await TestHub.run { _, client in
            let answer = try await client.api(.get, "customers/c1/timeline?limt=3")
            #expect(answer.status == .badRequest)
            #expect(answer.text.contains("query: limt: unknown; did you mean ‘limit’?"))
            #expect(try await client.api(.get, "customers/c1/timeline?limit=201").status == .badRequest)
            #expect(try await client.api(.get, "customers/c1/timeline?before=c3").status == .badRequest)
        }
    }

    @Test("a method that a path does not take is 405, with those that it takes")
    func methods() async throws {
        try await TestHub.run { _, client in
            for (method, path, allowed) in [
                (.get, "/v1/events", "POST"), (.delete, "/v1/customers/c1", "GET, PATCH"), (.post, "/healthz", "GET"),
            ] as [(HTTPRequest.Method, String, String)] {
                let answer = try await client.send(method, path, token: "read-token")
                #expect(answer.status == .methodNotAllowed && answer[header: "allow"] == allowed, "\(path)")
            }
        }
    }

    @Test(
        "what isn’t there is 404",
        arguments: [
            "customers/c9", "customers/x", "customers/c9/timeline", "customers/c9/brief", "customers/c9/preferences",
            "messages/d9", "messages/9", "campaigns/none", "nothing",
        ])
    func notFound(path: String) async throws {
        try await TestHub.run { _, client in
            let answer = try await client.api(.get, path)
            #expect(answer.status == .notFound)
            #expect(answer[header: "content-type"] == "application/problem+json")
        }
    }
}
