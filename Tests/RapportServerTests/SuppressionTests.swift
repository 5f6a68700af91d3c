import HTTPTypes
import HummingbirdTesting
import RapportChannels
import RapportCore
import RapportHub
import RapportLog
import Testing

@testable import RapportServer

@Suite("Suppressions through the API")
struct SuppressionTests {
    private static func body(_ address: String, _ more: String = "") -> String {
        "{\"address\": \"\(address)\"\(more)}"
    }

    @Test("an address is suppressed once, in the token's name, and makes nobody a customer")
    func adding() async throws {
        try await TestHub.run { hub, client in
            let body = Self.body(
                "ana@example.com", ", \"reason\": \"hard-bounce\", \"until\": \"2026-12-01T00:00:00Z\"")
            let made = try await client.api(.post, "suppressions", body)
            #expect(made.status == .created)
            #expect(
                made.text == """
                    {"id":"s1","address":"mailto:ana@example.com","reason":"hard-bounce","at":"2026-05-31T10:00:00Z",\
                    "until":"2026-12-01T00:00:00Z"}

                    """)
            let again = try await client.api(.post, "suppressions", body)
            #expect(again.status == .ok && again.text == made.text)
            let plain = try await client.api(.post, "suppressions", Self.body("tel:+8613800138000"))
            #expect(plain.status == .created)
            #expect(try plain.json["reason"]?.string == "manual" && plain.json["until"] == nil)
            let rows = try await hub.store.interactions(after: nil, limit: 10)
            #expect(rows.map(\.adapter) == ["api:shop", "api:shop"] && rows.allSatisfy { $0.customer == nil })
            #expect(rows.allSatisfy { $0.attributes["author"] == "api:shop" })
            #expect(try await client.api(.get, "customers?address=ana@example.com").text == "{\"customers\":[]}\n")
        }
    }

    @Test("those in force are read page by page, or those of one reason")
    func listing() async throws {
        try await TestHub.run { _, client in
            for number in 1...5 {
                let reason = number == 3 ? "complaint" : "manual"
                let body = Self.body("n\(number)@example.com", ", \"reason\": \"\(reason)\"")
                #expect(try await client.api(.post, "suppressions", body).status == .created)
            }
            let lift = Self.body("n2@example.com", ", \"reason\": \"manual\"")
            #expect(try await client.api(.post, "suppressions/lift", lift).status == .ok)
            var ids: [String] = []
            var next: String?
            repeat {
                let page = try await client.api(
                    .get, "suppressions?limit=2" + (next.map { "&before=\($0)" } ?? "")
                ).json
                guard case .array(let items)? = page["suppressions"] else { throw Problem.notFound }
                #expect((1...2).contains(items.count))
                ids += items.compactMap { $0["id"]?.string }
                next = page["next"]?.string
            } while next != nil
            #expect(ids == ["s5", "s4", "s3", "s1"])
            let complaints = try await client.api(.get, "suppressions?reason=complaint").text
            #expect(
                complaints.contains("n3@example.com") && !complaints.contains("n4@") && !complaints.contains("next"))
        }
    }

    @Test("what is lifted is told with what stays; what is not there is 404, and the customer's own word 409")
    func lifting() async throws {
        try await TestHub.run { hub, client in
            for reason in ["manual", "stop", "complaint"] {
                let body = Self.body("ana@example.com", ", \"reason\": \"\(reason)\"")
                #expect(try await client.api(.post, "suppressions", body).status == .created)
            }
            func lift(_ reason: String) async throws -> TestResponse {
                let body = Self.body("ana@example.com", ", \"reason\": \"\(reason)\"")
                return try await client.api(.post, "suppressions/lift", body)
            }
            let lifted = try await lift("manual")
            #expect(lifted.status == .ok)
            #expect(
                lifted.text == """
                    {"address":"mailto:ana@example.com","reason":"manual","interaction":"i4",\
                    "remaining":["stop","complaint"]}

                    """)
            #expect(try await lift("manual").status == .notFound)
            for (reason, sentence) in [("stop", "a START from the number lifts it"), ("complaint", "and stays")] {
                let refused = try await lift(reason)
                #expect(refused.status == .conflict && refused.text.contains(sentence), "\(refused.text)")
            }
            #expect(try await hub.store.lastPosition() == 4)
        }
    }

    @Test(
        "is refused with its place, or with what is wrong with it",
        arguments: [
            ("suppressions", "{}", 400, "$.address"),
            ("suppressions", "{\"address\": \"tel:none\"}", 400, "$.address: expected digits"),
            (
                "suppressions", "{\"address\": \"a@b.c\", \"reason\": \"hardbounce\"}", 400,
                "did you mean ‘hard-bounce’?"
            ),
            ("suppressions", "{\"address\": \"a@b.c\", \"untill\": null}", 400, "did you mean ‘until’?"),
            ("suppressions", "{\"address\": \"a@b.c\", \"until\": \"later\"}", 400, "$.until"),
            ("suppressions", "{\"address\": \"a@b.c\", \"reason\": \"invalid\"}", 422, "the hub's own finding"),
            ("suppressions", "{\"address\": \"a@b.c\", \"until\": \"2026-05-31T10:00:00Z\"}", 422, "is over"),
            ("suppressions/lift", "{\"address\": \"a@b.c\"}", 400, "$.reason"),
            ("suppressions/lift", "{\"reason\": \"manual\"}", 400, "$.address"),
            ("suppressions/lift", "{\"address\": \"a@b.c\", \"reason\": \"manual\", \"until\": null}", 400, "$.until"),
        ])
    func bad(path: String, body: String, status: Int, detail: String) async throws {
        try await TestHub.run { hub, client in
            let answer = try await client.api(.post, path, body)
            #expect(answer.status.code == status)
            #expect(answer.text.contains(detail), "\(answer.text)")
            #expect(try await hub.store.lastPosition() == 0)
        }
    }

    @Test("a query that is none is refused, and so is a token that may not")
    func query() async throws {
        try await TestHub.run { _, client in
            for query in ["reason=spam", "before=i1", "before=s", "limit=501", "address=a"] {
                #expect(try await client.api(.get, "suppressions?" + query).status == .badRequest, "\(query)")
            }
            let json = ["content-type": "application/json"]
            for path in ["/v1/suppressions", "/v1/suppressions/lift"] {
                let body = Self.body("ana@example.com", ", \"reason\": \"manual\"")
                let answer = try await client.send(.post, path, headers: json, token: "read-token", body: body)
                #expect(answer.status == .forbidden)
            }
            #expect(try await client.send(.get, "/v1/suppressions", token: "read-token").status == .ok)
            #expect(try await client.send(.get, "/v1/suppressions", token: "till-token").status == .forbidden)
        }
    }
}
