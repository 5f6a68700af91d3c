import HTTPTypes
import HummingbirdTesting
import RapportChannels
import RapportCore
import RapportHub
import RapportLog
import Testing

@testable import RapportServer

@Suite("Customers through the API")
struct CustomerTests {
    private static let body = """
        {"addresses": ["id:crm/7", "mailto:ana@example.com"], "name": "Ana <b>", "language": "zh-CN", "owner": "lin",
         "tags": ["vip"], "attributes": {"plan": "gold"}, "quietHours": {"from": "21:30", "to": "08:00"}}
        """

    @Test("a customer is made once, completed the second time, and changed field by field")
    func writing() async throws {
        try await TestHub.run { hub, client in
            let made = try await client.api(.post, "customers", Self.body)
            #expect(made.status == .created)
            #expect(try made.json["id"]?.string == "c1")
            #expect(try made.json["quietHours"]?.text == "{\"from\":\"21:30\",\"to\":\"08:00\"}")
            let again = try await client.api(
                .post, "customers", "{\"addresses\": [\"id:crm/7\", \"tel:+8613800138000\"], \"owner\": \"wu\"}")
            #expect(again.status == .ok)
            #expect(try again.json["id"]?.string == "c1")
            #expect(try again.json["name"]?.string == "Ana <b>")
            #expect(try again.json["owner"]?.string == "wu")
            let changed = try await client.api(.patch, "customers/c1", "{\"name\": null, \"tags\": []}")
            #expect(changed.status == .ok)
            #expect(try changed.json["name"] == nil)
            #expect(try changed.json["tags"]?.text == "[]")
            #expect(try changed.json["attributes"]?.text == "{\"plan\":\"gold\"}")
            #expect(try await client.api(.get, "customers/c1").text == changed.text)
            let rows = try await hub.store.timeline(of: CustomerID(1), before: nil, limit: 10, including: [])
            #expect(rows.map(\.adapter) == ["api:shop", "api:shop", "api:shop"])
        }
    }

    @Test("addresses of two customers are a conflict, and nothing is written")
    func conflict() async throws {
        try await TestHub.run { hub, client in
            let first = try await hub.customer([RawAddress(.mailto, "a@example.com")])
            _ = try await hub.customer([RawAddress(.mailto, "b@example.com")])
            let before = try await hub.store.lastPosition()
            let both = "{\"addresses\": [\"mailto:a@example.com\", \"mailto:b@example.com\"]}"
            let answer = try await client.api(.post, "customers", both)
            #expect(answer.status == .conflict)
            #expect(try answer.json["customers"]?.text == "[\"c1\",\"c2\"]")
            let foreign = "{\"addresses\": [\"mailto:b@example.com\"]}"
            #expect(try await client.api(.patch, "customers/\(first)", foreign).status == .conflict)
            #expect(try await hub.store.lastPosition() == before)
        }
    }

    @Test(
        "a bad customer is refused with its place",
        arguments: [
            ("{}", "$.addresses"), ("{\"addresses\": [\"tel:none\"]}", "$.addresses[0]: expected digits"),
            (
                "{\"addresses\": [\"a@b.c\"], \"quietHours\": {\"from\": \"25:00\", \"to\": \"08:00\"}}",
                "$.quietHours.from"
            ),
            ("{\"addresses\": [\"a@b.c\"], \"quietHours\": {\"from\": \"08:00\", \"to\": \"08:00\"}}", "$.quietHours"),
            ("{\"adresses\": []}", "did you mean ‘addresses’?"),
            ("{\"addresses\": [\"a@b.c\"], \"tags\": [1]}", "$.tags[0]"),
            ("{\"addresses\": [\"a@b.c\"], \"timeZone\": \"Asia/Shangai\"}", "$.timeZone"),
        ])
    func bad(body: String, place: String) async throws {
        try await TestHub.run { _, client in
            let answer = try await client.api(.post, "customers", body)
            #expect(answer.status == .badRequest)
            #expect(answer.text.contains(place), "\(answer.text)")
        }
    }

    @Test("a caller’s number brings up the brief, an unknown one nothing")
    func lookup() async throws {
        try await TestHub.run { hub, client in
            let ana = try await hub.customer([
                RawAddress(.tel, "+8613800138000"), RawAddress(.mailto, "ana@example.com"),
            ])
            _ = try await client.api(
                .post, "events",
                "{\"kind\":\"note.added\",\"customer\":\"\(ana)\",\"text\":\"new filter\",\"attributes\":{\"kind\":\"promise\"}}"
            )
            let found = try await client.api(.get, "customers?address=tel:%2B8613800138000")
            #expect(found.status == .ok)
            let brief = try #require(JSONPointer("/customers/0")?.find(in: try found.json))
            #expect(brief["customer"]?.string == "\(ana)")
            #expect(JSONPointer("/open/0/kind")?.find(in: brief)?.string == "message")
            #expect(JSONPointer("/promises/0/text")?.find(in: brief)?.string == "new filter")
            #expect(JSONPointer("/lastContacts/0/summary")?.find(in: brief)?.string == "hello")
            #expect(JSONPointer("/preferences/0/refused/0")?.find(in: brief)?.string == "email")
            #expect(try await client.api(.get, "customers/\(ana)/brief").text == brief.text + "\n")
            #expect(try await client.api(.get, "customers?address=+8613800138000").text == found.text)
            #expect(try await client.api(.get, "customers?address=tel:%2B862100000000").text == "{\"customers\":[]}\n")
            #expect(try await client.api(.get, "customers?address=tel:none").status == .badRequest)
            #expect(try await client.api(.get, "customers").status == .badRequest)
            #expect(try await client.api(.get, "customers?query=ana@").text.contains("\"\(ana)\""))
        }
    }

    @Test("a customer is shown with the pause and the quiet hours that hold, of whoever was merged into them too")
    func rest() async throws {
        try await TestHub.run { hub, client in
            let ana = try await hub.customer([RawAddress(.mailto, "ana@example.com")])
            let other = try await hub.customer([RawAddress(.tel, "+8613800138000")])
            let pause = "{\"pausedUntil\": \"2026-07-01T00:00:00Z\"}"
            #expect(try await client.api(.put, "customers/\(other)/preferences", pause).status == .ok)
            let quiet = "{\"quietHours\": {\"from\": \"21:30\", \"to\": \"08:00\"}}"
            #expect(try await client.api(.patch, "customers/\(other)", quiet).status == .ok)
            let desk = hub.services.customers("api:shop")
            _ = try await desk.merge(other, into: ana)
            let shown = try await client.api(.get, "customers/\(ana)").json
            let found = try await client.api(.get, "customers?query=ana@").json
            let changed = try await client.api(.patch, "customers/\(ana)", "{\"owner\": \"lin\"}").json
            for json in [shown, try #require(JSONPointer("/customers/0")?.find(in: found)), changed] {
                #expect(json["id"]?.string == "\(ana)")
                #expect(json["pausedUntil"]?.string == "2026-07-01T00:00:00Z")
                #expect(json["quietHours"]?.text == "{\"from\":\"21:30\",\"to\":\"08:00\"}")
            }
            // To show it does not make it hers.
            _ = try await desk.unmerge(other, from: ana)
            let alone = try await client.api(.get, "customers/\(ana)").json
            #expect(alone["pausedUntil"] == nil && alone["quietHours"] == nil)
        }
    }

    @Test("quiet hours that are forgotten are those of whoever was merged into the customer, too")
    func noQuietHours() async throws {
        try await TestHub.run { hub, client in
            let ana = try await hub.customer([RawAddress(.mailto, "ana@example.com")])
            let other = try await hub.customer([RawAddress(.tel, "+8613800138000")])
            let profile = "{\"name\": \"Bo\", \"quietHours\": {\"from\": \"21:30\", \"to\": \"08:00\"}}"
            #expect(try await client.api(.patch, "customers/\(other)", profile).status == .ok)
            let desk = hub.services.customers("api:shop")
            _ = try await desk.merge(other, into: ana)
            let kept = try await client.api(.patch, "customers/\(ana)", "{\"owner\": \"lin\"}").json
            #expect(kept["quietHours"] != nil)
            let ended = try await client.api(.patch, "customers/\(ana)", "{\"quietHours\": null}").json
            #expect(ended["id"]?.string == "\(ana)" && ended["quietHours"] == nil, "\(ended.text)")
            #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
            _ = try await desk.unmerge(other, from: ana)
            let alone = try await client.api(.get, "customers/\(other)").json
            #expect(alone["quietHours"] == nil && alone["name"]?.string == "Bo")
        }
    }

    @Test("a timeline is read page by page, each row once")
    func timeline() async throws {
        try await TestHub.run { hub, client in
            let ana = try await hub.customer([RawAddress(.mailto, "ana@example.com")])
            for number in 1...4 {
                _ = try await client.api(
                    .post, "events",
                    "{\"kind\":\"note.added\",\"customer\":\"\(ana)\",\"id\":\"n\(number)\",\"text\":\"\(number)\"}")
            }
            var seen: [String] = []
            var cursor = ""
            while true {
                let page = try await client.api(.get, "customers/\(ana)/timeline?limit=2\(cursor)").json
                guard case .array(let rows)? = page["interactions"] else { break }
                #expect(rows.count <= 2)
                seen += rows.compactMap { $0["id"]?.string }
                guard let next = page["next"]?.string else { break }
                cursor = "&before=\(next)"
            }
            #expect(seen == ["i5", "i4", "i3", "i2", "i1"])
        }
    }

    @Test("preferences are told with proof and read back")
    func preferences() async throws {
        try await TestHub.run { hub, client in
            let ana = try await hub.customer([RawAddress(.mailto, "ana@example.com")])
            let body = """
                {"changes": [{"topic": "offers", "channel": "email", "state": "granted"},
                 {"topic": "*", "channel": "sms", "state": "denied"}], "pausedUntil": "2026-07-01T00:00:00Z",
                 "method": "paper-form", "proof": {"wording": "Yes, offers", "ip": "203.0.113.9"}}
                """
            let answer = try await client.api(.put, "customers/\(ana)/preferences", body)
            #expect(answer.status == .ok)
            #expect(JSONPointer("/topics/0/allowed/email")?.find(in: try answer.json) == .bool(true))
            #expect(try answer.json["pausedUntil"]?.string == "2026-07-01T00:00:00Z")
            #expect(try await client.api(.get, "customers/\(ana)/preferences").text == answer.text)
            let grant = try #require(try await hub.store.consents(of: ana).first { $0.state == .granted })
            #expect(grant.method == "paper-form")
            #expect(grant.proof["wording"] == "Yes, offers")
            #expect(grant.proof["author"] == "api:shop")
        }
    }

    @Test(
        "bad preferences are refused with their place",
        arguments: [
            ("{}", "$: expected changes"),
            ("{\"changes\":[{\"topic\":\"ofers\",\"channel\":\"*\",\"state\":\"denied\"}]}", "did you mean ‘offers’?"),
            (
                "{\"changes\":[{\"topic\":\"*\",\"channel\":\"*\",\"state\":\"granted\"}]}",
                "$.changes[0]: expected a topic"
            ),
            (
                "{\"changes\":[{\"topic\":\"*\",\"channel\":\"sms\",\"state\":\"granted\"}]}",
                "$.changes[0]: expected a topic"
            ),
            ("{\"changes\":[{\"topic\":\"news\",\"channel\":\"desk\",\"state\":\"denied\"}]}", "$.changes[0].channel"),
            ("{\"changes\":[{\"topic\":\"news\",\"channel\":\"email\"}]}", "$.changes[0].state"),
        ])
    func badPreferences(body: String, place: String) async throws {
        try await TestHub.run { hub, client in
            let ana = try await hub.customer([RawAddress(.mailto, "ana@example.com")])
            let answer = try await client.api(.put, "customers/\(ana)/preferences", body)
            #expect(answer.status == .badRequest)
            #expect(answer.text.contains(place), "\(answer.text)")
        }
    }

    @Test("follow-ups are listed, assigned and closed once")
    func followUps() async throws {
        try await TestHub.run { hub, client in
            let ana = try await hub.customer([RawAddress(.mailto, "ana@example.com")])
            let list = try await client.api(.get, "follow-ups?state=open&customer=\(ana)").json
            let id = try #require(JSONPointer("/followUps/0/id")?.find(in: list)?.string)
            let assigned = try await client.api(.post, "follow-ups/\(id)/assign", "{\"owner\": \"lin\"}")
            #expect(try assigned.json["owner"]?.string == "lin")
            #expect(try await client.api(.post, "follow-ups/\(id)/close", "{}").status == .badRequest)
            let closed = try await client.api(.post, "follow-ups/\(id)/close", "{\"resolution\": \"called back\"}")
            #expect(try closed.json["state"]?.string == "closed")
            #expect(
                try await client.api(.post, "follow-ups/\(id)/close", "{\"resolution\": \"x\"}").status == .conflict)
            #expect(try await client.api(.post, "follow-ups/f999/close", "{\"resolution\": \"x\"}").status == .notFound)
            #expect(try await client.api(.get, "follow-ups?state=opn").status == .badRequest)
        }
    }
}
