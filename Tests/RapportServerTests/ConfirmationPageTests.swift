import HTTPTypes
import HummingbirdTesting
import RapportChannels
import RapportCore
import RapportHub
import RapportLog
import Testing

@testable import RapportServer

@Suite("Confirming on the preference page what somebody asked for")
struct ConfirmationPageTests {
    private static let form = ["content-type": "application/x-www-form-urlencoded"]
    private static let mail = "mailto:ana@example.com"
    private static let number = "tel:+8613800138000"
    private static let confirm = "form=preferences&confirm=email%3Aclub"
    private static let button = "name=\"confirm\" value=\"email:club\""

    /// A customer for whom a form said yes to the club, by mail and by text.
    private static func signedUp(
        _ body: @escaping @Sendable (TestHub, any TestClientProtocol, CustomerID) async throws -> Void
    ) async throws {
        try await TestHub.run { hub, client in
            let ana = try await hub.customer([
                RawAddress(.mailto, "ana@example.com"), RawAddress(.tel, "+8613800138000"),
            ])
            let changes = ["email", "sms"].map { "{\"topic\":\"club\",\"channel\":\"\($0)\",\"state\":\"granted\"}" }
            let answer = try await client.api(
                .put, "customers/\(ana)/preferences", "{\"changes\": [\(changes.joined(separator: ","))]}")
            #expect(answer.status == .ok, "\(answer.text)")
            try await body(hub, client, ana)
        }
    }

    private static func club(_ client: any TestClientProtocol, _ customer: CustomerID) async throws -> JSONValue {
        let told = try await client.api(.get, "customers/\(customer)/preferences").json
        guard case .array(let topics)? = told["topics"] else { return .null }
        return topics.first { $0["topic"]?.string == "club" } ?? .null
    }

    @Test("a yes from a form is told as unconfirmed and allows nothing")
    func form() async throws {
        try await Self.signedUp { hub, client, ana in
            let club = try await Self.club(client, ana)
            #expect(club["allowed"]?.text == "{\"email\":false,\"sms\":false}")
            #expect(club["unconfirmed"]?.text == "[\"email\",\"sms\"]")
            #expect(try await hub.store.consents(of: ana).allSatisfy { $0.confirmedAt == nil })
            let brief = try await client.api(.get, "customers/\(ana)/brief").text
            #expect(
                brief.contains(
                    "\"refused\":[],\"title\":\"Club\",\"topic\":\"club\",\"unconfirmed\":[\"email\",\"sms\"]"))
        }
    }

    @Test("the link that came to the address offers to confirm what waits there, and looking at it changes nothing")
    func looking() async throws {
        try await Self.signedUp { hub, client, ana in
            let path = try await hub.linkedPath(to: Self.mail, of: ana)
            let before = try await hub.store.lastPosition()
            for _ in 0..<2 {
                let html = try await client.send(.get, path).text
                #expect(html.contains("Please confirm") && html.contains("Club – Email"))
                #expect(html.contains(Self.button) && !html.contains("value=\"sms:club\"></li>"))
                #expect(html.contains("value=\"email:club\" checked>Email (not confirmed yet)"))
                #expect(!html.contains("ana@"))
            }
            let chinese = try await client.send(.get, path, headers: ["accept-language": "zh"]).text
            #expect(chinese.contains("请确认") && chinese.contains("Club – 邮件"))
            #expect(try await hub.store.lastPosition() == before)
        }
    }

    @Test("its button confirms it for that address, once, with proof, and nothing else")
    func confirming() async throws {
        try await Self.signedUp { hub, client, ana in
            let path = try await hub.linkedPath(to: Self.mail, of: ana)
            let known = try await hub.store.consents(of: ana).count
            let saved = try await client.send(.post, path, headers: Self.form, body: Self.confirm)
            #expect(saved.status == .seeOther)
            #expect(saved[header: "location"] == "?saved=1")
            let club = try await Self.club(client, ana)
            #expect(club["allowed"]?.text == "{\"email\":true,\"sms\":false}")
            #expect(club["unconfirmed"]?.text == "[\"sms\"]")
            let entries = try await hub.store.consents(of: ana)
            #expect(entries.count == known + 1)
            let entry = try #require(entries.last)
            #expect(entry.address?.uri == Self.mail && entry.confirmedAt == TestHub.now)
            #expect(entry.method == "preference-page" && entry.proof["message"] == "d1")
            #expect(entry.proof["wording"]?.hasSuffix("Club – Email. Yes, send me this") == true)
            #expect(try await !client.send(.get, path).text.contains("Please confirm"))
            #expect(try await client.send(.post, path, headers: Self.form, body: Self.confirm).status == .seeOther)
            #expect(try await hub.store.consents(of: ana).count == known + 1)
            #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        }
    }

    @Test(
        "no other link confirms it: not one that came to another address, nor one that names the customer alone",
        arguments: [true, false])
    func foreign(isMessage: Bool) async throws {
        try await Self.signedUp { hub, client, ana in
            let path = isMessage ? try await hub.linkedPath(to: Self.number, of: ana) : hub.preferencePath(of: ana)
            #expect(try await !client.send(.get, path).text.contains(Self.button))
            for body in [Self.confirm, "form=preferences&shown=0%3Aemail%3Aclub&allow=email%3Aclub"] {
                #expect(try await client.send(.post, path, headers: Self.form, body: body).status == .seeOther)
            }
            #expect(try await Self.club(client, ana)["allowed"]?.text == "{\"email\":false,\"sms\":false}")
            #expect(try await hub.store.consents(of: ana).allSatisfy { $0.confirmedAt == nil })
        }
    }

    @Test("saving the page confirms nothing by itself; unticking refuses, and ticking is the holder's own yes")
    func boxes() async throws {
        try await Self.signedUp { hub, client, ana in
            let path = try await hub.linkedPath(to: Self.mail, of: ana)
            func save(_ body: String) async throws -> String? {
                #expect(try await client.send(.post, path, headers: Self.form, body: body).status == .seeOther)
                return try await Self.club(client, ana)["allowed"]?.text
            }
            let shown = "form=preferences&shown=1%3Aemail%3Aclub&shown=1%3Asms%3Aclub"
            #expect(
                try await save(shown + "&allow=email%3Aclub&allow=sms%3Aclub&pause=1")
                    == "{\"email\":false,\"sms\":false}")
            _ = try await save(shown + "&allow=sms%3Aclub")
            #expect(try await Self.club(client, ana)["unconfirmed"]?.text == "[\"sms\"]")
            #expect(try await save(Self.confirm) == "{\"email\":false,\"sms\":false}")
            // In the clock of this test everything happens at one instant, at which no wins.
            #expect(try await hub.store.consents(of: ana).allSatisfy { $0.confirmedAt == nil })
        }
        try await TestHub.run { hub, client in
            let ana = try await hub.customer([
                RawAddress(.mailto, "ana@example.com"), RawAddress(.mailto, "a@work.example"),
            ])
            let path = try await hub.linkedPath(to: Self.mail, of: ana)
            let body = "form=preferences&shown=0%3Aemail%3Aclub&allow=email%3Aclub"
            #expect(try await client.send(.post, path, headers: Self.form, body: body).status == .seeOther)
            let confirmed = try await hub.store.consents(of: ana).filter { $0.confirmedAt != nil }
            #expect(confirmed.map(\.address?.uri) == [Self.mail])
        }
    }

    @Test("a page tells of the address that its link came to, whatever is confirmed for another")
    func ownAddress() async throws {
        try await Self.signedUp { hub, client, ana in
            let yes = "{\"topic\":\"club\",\"channel\":\"email\",\"state\":\"granted\",\"confirmed\":true}"
            _ = try await client.api(.put, "customers/\(ana)/preferences", "{\"changes\": [\(yes)]}")
            _ = try await client.api(.patch, "customers/\(ana)", "{\"addresses\": [\"mailto:eve@example.com\"]}")
            for (address, isAsked) in [(Self.mail, false), ("mailto:eve@example.com", true)] {
                let path = try await hub.linkedPath(to: address, of: ana)
                #expect(try await client.send(.get, path).text.contains(Self.button) == isAsked, "\(address)")
            }
        }
    }

    @Test("the link of a message unsubscribes with one click like any other")
    func oneClick() async throws {
        try await Self.signedUp { hub, client, ana in
            let path = try await hub.linkedPath(to: Self.mail, of: ana)
            let answer = try await client.send(.post, path, headers: Self.form, body: "List-Unsubscribe=One-Click")
            #expect(answer.status == .ok && answer.text.contains("unsubscribed"))
            let denied = try await hub.store.consents(of: ana).filter { $0.state == .denied }
            #expect(denied.map(\.address?.uri) == [nil, Self.mail])
            #expect(denied.allSatisfy { $0.channel == .email && $0.topic == nil && $0.method == "list-unsubscribe" })
        }
    }

    @Test(
        "the link of a copy that was refused and came all the same stays its reader's after the message took another route"
    )
    func otherRoute() async throws {
        try await Self.signedUp { hub, client, ana in
            let known = try #require(try await hub.store.customers([ana])[ana])
            let planned = try await hub.services.messages.send(
                SingleMessage(text: "{{preferencesURL}}"), to: known, channels: [.email, .sms],
                messageClass: .transactional, topic: "care")
            let node = try await hub.store.register(host: "a", process: 1, at: TestHub.now)
            _ = try await hub.store.claim(ClaimQuery(now: TestHub.now, limit: 9, node: node)) { candidates in
                candidates.map { .claim(routeIndex: $0.routeIndex, policyVersion: "p1") }
            }
            #expect(try await hub.store.handOff([planned.id], node: node, at: TestHub.now) == [planned.id])
            let refused = DispatchResult(id: planned.id, outcome: .fallBack(toRoute: 1))
            try await hub.store.record([refused], node: node, at: TestHub.now) { _ in [] }
            #expect(try await hub.store.dispatch(planned.id)?.address.uri == Self.number)

            func path(_ uri: String) throws -> String {
                let address = try #require(Address(normalized: uri))
                return "/u/" + hub.services.tokens.linkToken(for: planned.id, at: address)
            }
            let (mail, text) = try (path(Self.mail), path(Self.number))
            #expect(try await client.send(.get, mail).text.contains(Self.button))
            #expect(try await !client.send(.get, text).text.contains(Self.button))
            #expect(try await client.send(.post, text, headers: Self.form, body: Self.confirm).status == .seeOther)
            #expect(try await hub.store.consents(of: ana).allSatisfy { $0.confirmedAt == nil })
            #expect(try await client.send(.post, mail, headers: Self.form, body: Self.confirm).status == .seeOther)
            let confirmed = try await hub.store.consents(of: ana).filter { $0.confirmedAt != nil }
            #expect(confirmed.map(\.address?.uri) == [Self.mail])
            #expect(try await client.send(.get, try path("mailto:eve@example.com")).status == .notFound)
            _ = try await hub.store.erase(ana, at: TestHub.now, by: "li")
            for path in [mail, text] { #expect(try await client.send(.get, path).status == .notFound) }
        }
    }

    @Test("a link whose message, address or signature is another opens nothing")
    func forged() async throws {
        try await Self.signedUp { hub, client, ana in
            let good = try await hub.linkedPath(to: Self.mail, of: ana)
            let tokens = hub.services.tokens
            let other = try #require(Address(normalized: "mailto:eve@example.com"))
            for path in [
                String(good.dropLast() + (good.hasSuffix("0") ? "1" : "0")),
                "/u/" + tokens.linkToken(for: DispatchID(1), at: other),
                "/u/" + tokens.tokens(of: DispatchID(1))[.preferences],
                "/u/" + tokens.linkToken(for: DispatchID(99), at: other), good.replacing("/u/d1-", with: "/u/d2-"),
            ] {
                #expect(try await client.send(.get, path).status == .notFound, "\(path)")
                #expect(try await client.send(.post, path, headers: Self.form, body: Self.confirm).status == .notFound)
            }
            #expect(try await hub.store.consents(of: ana).allSatisfy { $0.state == .granted && $0.confirmedAt == nil })
        }
    }

    @Test("another system may answer for the confirmation, with its name as proof")
    func vouched() async throws {
        try await Self.signedUp { hub, client, ana in
            func put(_ change: String) async throws -> TestResponse {
                try await client.api(.put, "customers/\(ana)/preferences", "{\"changes\": [\(change)]}")
            }
            let good = "{\"topic\":\"club\",\"channel\":\"email\",\"state\":\"granted\",\"confirmed\":true}"
            let denied = try await put(good.replacing("granted", with: "denied"))
            #expect(denied.status == .badRequest && denied.text.contains("$.changes[0].confirmed"), "\(denied.text)")
            let nowhere = try await put(good.replacing("email", with: "webhook"))
            #expect(nowhere.status == .unprocessableContent && nowhere.text.contains("no address for webhook"))
            #expect(try await put(good.replacing("true", with: "false")).status == .ok)
            #expect(try await Self.club(client, ana)["unconfirmed"]?.text == "[\"email\",\"sms\"]")
            #expect(try await put(good).status == .ok)
            #expect(try await Self.club(client, ana)["allowed"]?.text == "{\"email\":true,\"sms\":false}")
            let entry = try #require(try await hub.store.consents(of: ana).last)
            #expect(entry.confirmedAt == TestHub.now && entry.proof["author"] == "api:shop")
        }
    }
}
