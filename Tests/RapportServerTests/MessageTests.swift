import HTTPTypes
import HummingbirdTesting
import RapportChannels
import RapportCore
import RapportHub
import RapportLog
import Testing

@testable import RapportServer

@Suite("Messages and campaigns through the API")
struct MessageTests {
    private static let body = """
        {"address": "mailto:ana@example.com", "channels": ["email"], "class": "transactional", "topic": "care",
         "subject": "Code", "text": "4711", "closes": ["f1"]}
        """

    private static func withAna(
        _ body: @escaping @Sendable (TestHub, any TestClientProtocol) async throws -> Void
    ) async throws {
        try await TestHub.run { hub, client in
            _ = try await hub.customer([RawAddress(.mailto, "ana@example.com")])
            try await body(hub, client)
        }
    }

    @Test("a message is planned and can be looked up")
    func planned() async throws {
        try await Self.withAna { _, client in
            let answer = try await client.api(.post, "messages", Self.body)
            #expect(answer.status == .accepted)
            #expect(answer.text == "{\"dispatch\":\"d1\",\"customer\":\"c1\",\"repetition\":false}\n")
            let row = try await client.api(.get, "messages/d1").json
            #expect(row["state"]?.string == "planned")
            #expect(row["adapter"]?.string == "mail")
            #expect(row["address"]?.string == "mailto:ana@example.com")
        }
    }

    @Test("the same key and body replays the answer, another body is refused")
    func idempotency() async throws {
        try await Self.withAna { hub, client in
            let key = ["idempotency-key": "order-7"]
            let first = try await client.api(.post, "messages", headers: key, Self.body)
            let again = try await client.api(.post, "messages", headers: ["idempotency-key": "\"order-7\""], Self.body)
            #expect(first.status == .accepted)
            #expect(again.status == .accepted)
            #expect(again.text == first.text)
            let other = Self.body.replacing("4711", with: "4712")
            #expect(try await client.api(.post, "messages", headers: key, other).status == .unprocessableContent)
            #expect(try await hub.store.dispatches(of: CustomerID(1), limit: 10).count == 1)
            let bad = try await client.api(.post, "messages", headers: ["idempotency-key": "a b"], Self.body)
            #expect(bad.status == .badRequest)
        }
    }

    @Test("a key is known with its body also when the answer is forgotten")
    func forgottenAnswer() async throws {
        try await Self.withAna { hub, client in
            let key = ["idempotency-key": "order-7"]
            #expect(try await client.api(.post, "messages", headers: key, Self.body).status == .accepted)
            // Answers are forgotten after a day, when somebody else reserves a key.
            _ = try await hub.store.begin(key: "x", bodyHash: "x", at: TestHub.now.adding(seconds: 90_000))
            let other = Self.body.replacing("4711", with: "4712")
            #expect(try await client.api(.post, "messages", headers: key, other).status == .unprocessableContent)
            let again = try await client.api(.post, "messages", headers: key, Self.body)
            #expect(again.status == .accepted)
            #expect(again.text.contains("\"repetition\":true"))
            #expect(try await hub.store.dispatches(of: CustomerID(1), limit: 10).count == 1)
        }
    }

    @Test("a follow-up that somebody has closed is 409, under a new key, too, but for a repetition")
    func closedFollowUp() async throws {
        try await Self.withAna { hub, client in
            let key = ["idempotency-key": "order-7"]
            #expect(try await client.api(.post, "messages", headers: key, Self.body).status == .accepted)
            let closed = try await client.api(.post, "follow-ups/f1/close", "{\"resolution\": \"called back\"}")
            #expect(closed.status == .ok)
            for headers in [[:], ["idempotency-key": "order-8"]] as [[String: String]] {
                let answer = try await client.api(.post, "messages", headers: headers, Self.body)
                #expect(answer.status == .conflict)
                #expect(answer.text.contains("the follow-up f1 is closed already"), "\(answer.text)")
            }
            // The first answer is forgotten; the message is not.
            _ = try await hub.store.begin(key: "x", bodyHash: "x", at: TestHub.now.adding(seconds: 90_000))
            let again = try await client.api(.post, "messages", headers: key, Self.body)
            #expect(again.status == .accepted && again.text.contains("\"repetition\":true"))
            #expect(try await hub.store.dispatches(of: CustomerID(1), limit: 10).count == 1)
        }
    }

    @Test("a repetition tells of whom the message was planned for, whoever has written from the address since")
    func repetitionOfShared() async throws {
        try await Self.withAna { hub, client in
            let key = ["idempotency-key": "order-7"]
            #expect(try await client.api(.post, "messages", headers: key, Self.body).status == .accepted)
            let bo = try await hub.customer([RawAddress(.mailto, "bo@example.com")])
            let shared = try #require(Address(normalized: "mailto:ana@example.com"))
            _ = try await hub.store.commit(
                [IntakeItem(key: nil)], query: IntakeQuery(recordedAt: TestHub.now, campaignsSince: TestHub.now)
            ) { _, facts in
                let row = Interaction(
                    id: InteractionID(facts.takePosition()), customer: bo, channel: .email, adapter: "mail",
                    direction: .inbound, kind: .messageReceived, occurredAt: TestHub.now, recordedAt: TestHub.now,
                    from: "ana@example.com", effects: [.addressAttached(bo, shared)])
                return [IntakeDecision(interactions: [row])]
            }
            #expect(try await hub.store.customers(at: [shared])[shared]?.first == bo)
            // The first answer is forgotten; the message is not.
            _ = try await hub.store.begin(key: "x", bodyHash: "x", at: TestHub.now.adding(seconds: 90_000))
            let again = try await client.api(.post, "messages", headers: key, Self.body)
            #expect(again.status == .accepted)
            #expect(again.text == "{\"dispatch\":\"d1\",\"customer\":\"c1\",\"repetition\":true}\n")
        }
    }

    @Test("a follow-up that another message answers is 409 while that waits, with or without a key")
    func answeredFollowUp() async throws {
        try await Self.withAna { hub, client in
            let key = ["idempotency-key": "order-7"]
            #expect(try await client.api(.post, "messages", headers: key, Self.body).status == .accepted)
            for headers in [[:], ["idempotency-key": "order-8"]] as [[String: String]] {
                let answer = try await client.api(.post, "messages", headers: headers, Self.body)
                #expect(answer.status == .conflict)
                #expect(answer.text.contains("the follow-up f1 is being answered already, by d1"), "\(answer.text)")
            }
            #expect(try await client.api(.post, "messages", headers: key, Self.body).status == .accepted)
            #expect(try await hub.store.dispatches(of: CustomerID(1), limit: 10).count == 1)
        }
    }

    @Test("a request whose first try is under way is 409")
    func inProgress() async throws {
        try await Self.withAna { hub, client in
            let hash = Hex.encode(APIToken.digest(of: try JSONReader.read(Array(Self.body.utf8)).text))
            _ = try await hub.store.begin(key: "api:shop:order-7", bodyHash: hash, at: TestHub.now)
            let answer = try await client.api(.post, "messages", headers: ["idempotency-key": "order-7"], Self.body)
            #expect(answer.status == .conflict)
            #expect(try await hub.store.dispatches(of: CustomerID(1), limit: 10).isEmpty)
        }
    }

    @Test("a request that failed gives its key back")
    func abandoned() async throws {
        try await Self.withAna { _, client in
            let key = ["idempotency-key": "order-7"]
            let bad = Self.body.replacing("ana@", with: "nobody@")
            let refused = try await client.api(.post, "messages", headers: key, bad)
            #expect(refused.status == .unprocessableContent)
            #expect(try await client.api(.post, "messages", headers: key, Self.body).status == .accepted)
        }
    }

    @Test(
        "a bad message is refused with its place",
        arguments: [
            ("\"class\": \"transactional\"", "\"class\": \"marketing\"", 400, "$.class"),
            ("\"care\"", "\"caer\"", 400, "did you mean ‘care’?"), ("[\"email\"]", "[]", 400, "$.channels"),
            ("[\"email\"]", "[\"email\", \"email\"]", 400, "$.channels[1]"),
            ("[\"email\"]", "[\"sms\"]", 422, "no address"), ("\"f1\"", "\"1\"", 400, "$.closes[0]"),
            ("\"f1\"", "\"f99\"", 404, "no follow-up f99"),
            ("\"address\": \"mailto:ana@example.com\"", "\"customer\": \"c99\"", 404, "c99"),
            ("\"subject\"", "\"adapter\": \"mial\", \"subject\"", 422, "no adapter ‘mial’"),
            ("\"subject\"", "\"adapter\": \"sms\", \"subject\"", 422, "no adapter ‘sms’"),
            ("\"subject\"", "\"customer\": \"c1\", \"subject\"", 400, "either a customer or an address"),
            ("\"text\": \"4711\", ", "", 400, "$.text"),
            ("\"transactional\"", "\"service\", \"repeats\": true", 400, "$.repeats"),
        ])
    func bad(replacing part: String, with other: String, status: Int, place: String) async throws {
        try await Self.withAna { hub, client in
            let answer = try await client.api(.post, "messages", Self.body.replacing(part, with: other))
            #expect(answer.status.code == status)
            #expect(answer.text.contains(place), "\(answer.text)")
            #expect(try await hub.store.dispatches(of: CustomerID(1), limit: 10).isEmpty)
        }
    }

    @Test("campaigns are shown with their progress and steered")
    func campaigns() async throws {
        try await TestHub.run { hub, client in
            let key = CampaignKey(name: "spring", occurrence: "2026-05")
            _ = try await hub.store.create(
                CampaignRecord(
                    key: key, state: .planning, messageClass: .marketing, topic: "offers", definition: "{}",
                    createdAt: TestHub.now))
            _ = try await hub.store.move(key, from: [.planning], to: .sending, note: nil, at: TestHub.now)
            #expect(try await client.api(.get, "campaigns").text.contains("\"campaign\":\"spring\""))
            #expect(try await client.api(.get, "campaigns/spring").status == .notFound)
            let shown = try await client.api(.get, "campaigns/spring?occurrence=2026-05")
            #expect(try shown.json["planned"]?.integer == 0)
            #expect(try shown.json["state"]?.string == "sending")
            let paused = try await client.api(.post, "campaigns/spring/pause?occurrence=2026-05")
            #expect(try paused.json["state"]?.string == "paused")
            #expect(try await client.api(.post, "campaigns/spring/pause?occurrence=2026-05").status == .conflict)
            #expect(try await client.api(.post, "campaigns/spring/resume?occurrence=2026-05").status == .ok)
            #expect(try await client.api(.post, "campaigns/spring/explode?occurrence=2026-05").status == .notFound)
            let cancelled = try await client.api(.post, "campaigns/spring/cancel?occurrence=2026-05")
            #expect(try cancelled.json["state"]?.string == "cancelled")
        }
    }
}
