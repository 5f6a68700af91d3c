import HTTPTypes
import HummingbirdTesting
import RapportChannels
import RapportCore
import RapportLog
import Testing

@testable import RapportHub
@testable import RapportServer

@Suite("The preference page")
struct PreferencePageTests {
    private static let form = ["content-type": "application/x-www-form-urlencoded"]
    private static let ana = [RawAddress(.mailto, "ana@example.com"), RawAddress(.tel, "+8613800138000")]

    @Test(
        "looking at the page changes nothing, whatever the link carries",
        arguments: ["", "?List-Unsubscribe=One-Click", "?all=off"])
    func looking(query: String) async throws {
        try await TestHub.run { hub, client in
            let path = hub.preferencePath(of: try await hub.customer(Self.ana))
            let before = try await hub.store.lastPosition()
            let answer = try await client.send(.get, path + query)
            #expect(answer.status == .ok)
            #expect(answer[header: "cache-control"] == "no-store")
            #expect(answer[header: "referrer-policy"] == "no-referrer")
            let policy = try #require(answer[header: "content-security-policy"])
            #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
            #expect(answer.text.contains("What may we write to you about?"))
            #expect(!answer.text.contains("Saved."))
            #expect(!answer.text.contains("ana@"))
            #expect(try await hub.store.lastPosition() == before)
        }
    }

    @Test("only channels that an adapter sends over are offered, whatever addresses the customer has")
    func channels() async throws {
        try await TestHub.run { hub, client in
            let customer = try await hub.customer(Self.ana + [RawAddress(.id, "crm/1")])
            let html = try await client.send(.get, hub.preferencePath(of: customer)).text
            #expect(html.contains("Text message") && !html.contains("Online service"))
            let told = try await client.api(.get, "customers/\(customer)/preferences").json
            #expect(told["channels"] == .array([.string("email"), .string("sms")]))
        }
    }

    @Test("a channel that was stopped is shown as stopped, with what takes it back")
    func stopped() async throws {
        try await TestHub.run { hub, client in
            let path = hub.preferencePath(of: try await hub.customer(Self.ana))
            let before = try await client.send(.get, path).text
            #expect(!before.contains("class=\"stopped\""))
            let stop = InboundEvent(
                kind: .messageReceived, channel: .sms, sourceID: "stop", customerAddresses: [Self.ana[1]],
                from: Self.ana[1].text, text: "STOP", requests: [.stop(keyword: "STOP")])
            _ = try await hub.services.sink.submit([stop], adapter: "sms", region: nil)
            let html = try await client.send(.get, path).text
            #expect(html.contains("<p class=\"stopped\">Text message: you asked us to stop") && html.contains("START"))
            #expect(!html.contains("Email: you asked"))
        }
    }

    @Test("a hostile title is text and nothing else")
    func escaping() async throws {
        try await TestHub.run { hub, client in
            let html = try await client.send(.get, hub.preferencePath(of: try await hub.customer(Self.ana))).text
            #expect(!html.contains("<script"))
            #expect(html.contains("News &quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;\u{301} x="))
        }
    }

    @Test("a quotation mark with a combining character is escaped like any other")
    func combining() {
        #expect(HTMLEscaping().escapeText("\"\u{301}<\u{338}'&>") == "&quot;\u{301}&lt;\u{338}&#39;&amp;&gt;")
    }

    @Test(
        "the page speaks the customer’s language, else the browser’s",
        arguments: [
            ("zh-CN", "en", "zh"), ("de", "zh", "en"), (nil, "zh-TW,zh;q=0.9,en;q=0.8", "zh"),
            (nil, "fr, en;q=0.5, zh;q=0.4", "en"), (nil, nil, "en"), (nil, "zh;q=0,en;q=0.1", "en"),
        ] as [(String?, String?, String)])
    func language(own: String?, accepted: String?, expected: String) async throws {
        try await TestHub.run { hub, client in
            let path = hub.preferencePath(of: try await hub.customer(Self.ana, language: own))
            let answer = try await client.send(.get, path, headers: accepted.map { ["accept-language": $0] } ?? [:])
            #expect(answer[header: "content-language"] == expected)
            #expect(answer.text.contains("<html lang=\"\(expected)\">"))
            #expect(answer.text.contains("您希望收到哪些信息") == (expected == "zh"))
        }
    }

    @Test("a wrong, forged, foreign or void token gets the same page")
    func forged() async throws {
        try await TestHub.run { hub, client in
            let customer = try await hub.customer(Self.ana)
            let good = hub.preferencePath(of: customer)
            let expected = try await client.send(.get, "/u/nonsense")
            #expect(expected.status == .notFound)
            #expect(expected.text.contains("此链接无效") && expected.text.contains("This link"))
            let before = try await hub.store.lastPosition()
            let paths = [
                good.dropLast() + (good.hasSuffix("0") ? "1" : "0"), "/u/c999-0000000000000000",
                "/u/" + hub.services.tokens.tokens(of: DispatchID(1))[.preferences],
                "/u/" + hub.services.tokens.token(for: CustomerID(999)),
                "/u/" + String(repeating: "a", count: 500),
            ]
            for path in paths {
                for answer in [
                    try await client.send(.get, String(path)),
                    try await client.send(.post, String(path), headers: Self.form, body: "List-Unsubscribe=One-Click"),
                ] {
                    #expect(answer.status == .notFound)
                    #expect(answer.text == expected.text)
                }
            }
            #expect(try await hub.store.lastPosition() == before)
        }
    }

    @Test(
        "one click unsubscribes, in any content type and with any body",
        arguments: [
            ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"), (nil, ""), (nil, "x"),
            ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\""),
            ("application/json", "{\"form\":\"preferences\"}"), ("application/x-www-form-urlencoded", "%zz"),
            ("text/plain", "form=preferences"),
        ] as [(String?, String)])
    func oneClick(type: String?, body: String) async throws {
        try await TestHub.run { hub, client in
            let customer = try await hub.customer(Self.ana)
            var headers = ["x-forwarded-for": "203.0.113.9"]
            headers["content-type"] = type
            let answer = try await client.send(
                .post, hub.preferencePath(of: customer), headers: headers, body: body)
            #expect(answer.status == .ok)
            #expect(answer.text.contains("unsubscribed"))
            let consents = try await hub.store.consents(of: customer)
            #expect(!consents.isEmpty)
            #expect(
                consents.allSatisfy {
                    $0.state == .denied && $0.topic == nil && $0.channel == .email && $0.method == "list-unsubscribe"
                })
            #expect(consents.contains { $0.address?.uri == "mailto:ana@example.com" })
            // Nobody said that a proxy of ours stands before the server.
            #expect(
                consents.allSatisfy { $0.proof["ip"] == nil && $0.proof["wording"] == "List-Unsubscribe=One-Click" })
            let page = try #require(try await hub.services.preferences.page(of: customer))
            #expect(page.rows.allSatisfy { $0.allowed[.email] == false })
            #expect(page.rows.first { $0.topic == "news" }?.allowed[.sms] == true)
        }
    }

    @Test("after an unmerge a link is of whoever has the address that it came to, and so is what it asks for")
    func unmerged() async throws {
        try await TestHub.run { hub, client in
            let ana = try await hub.customer([RawAddress(.mailto, "ana@example.com")])
            let bob = try await hub.customer([RawAddress(.mailto, "bob@example.com")])
            let cleo = try await hub.customer([RawAddress(.mailto, "cleo@example.com")])
            let desk = hub.services.customers("lena")
            _ = try await desk.merge(ana, into: bob)
            let path = try await hub.linkedPath(to: "mailto:ana@example.com", of: bob)
            let body = "form=preferences&shown=1%3Aemail%3Anews"
            func denied(_ customer: CustomerID) async throws -> Set<String?> {
                Set(try await hub.store.consents(of: customer).filter { $0.state == .denied }.map(\.address?.uri))
            }
            _ = try await desk.unmerge(ana, from: bob)
            #expect(try await client.send(.get, path).status == .ok)
            #expect(try await client.send(.post, path, headers: Self.form, body: body).status == .seeOther)
            #expect(try await client.send(.post, path, body: "List-Unsubscribe=One-Click").status == .ok)
            #expect(try await denied(ana) == [nil, "mailto:ana@example.com"])
            #expect(try await denied(bob) == [])

            // Nobody can tell whose page it is, and yet whose mailbox it is that wants no mail.
            let shared = Address(normalized: "mailto:ana@example.com")
            let entry = CustomerDesk.Entry(addresses: [try #require(shared)], mayShare: true) { $0 }
            _ = try await desk.enter(entry, about: cleo)
            #expect(try await client.send(.get, path).status == .notFound)
            #expect(try await client.send(.post, path, headers: Self.form, body: body).status == .notFound)
            #expect(try await client.send(.post, path, body: "List-Unsubscribe=One-Click").status == .ok)
            #expect(try await denied(bob) == [])
        }
    }

    @Test("one click where several share the address holds there, and takes none of them off elsewhere")
    func shared() async throws {
        try await TestHub.run { hub, client in
            let ana = try await hub.customer([RawAddress(.mailto, "ana@example.com")])
            let bob = try await hub.customer([RawAddress(.mailto, "bob@example.com")])
            let cleo = try await hub.customer([RawAddress(.mailto, "cleo@example.com")])
            let desk = hub.services.customers("lena")
            _ = try await desk.merge(ana, into: bob)
            let path = try await hub.linkedPath(to: "mailto:ana@example.com", of: bob)
            _ = try await desk.unmerge(ana, from: bob)
            let address = try #require(Address(normalized: "mailto:ana@example.com"))
            _ = try await desk.enter(CustomerDesk.Entry(addresses: [address], mayShare: true) { $0 }, about: cleo)
            #expect(try await client.send(.post, path, body: "List-Unsubscribe=One-Click").status == .ok)
            var entries: [ConsentEntry] = []
            for customer in [ana, bob, cleo] { entries += try await hub.store.consents(of: customer) }
            #expect(entries.map(\.address) == [address] && entries.allSatisfy { $0.state == .denied })
            for (customer, isLeft) in [(ana, false), (bob, true), (cleo, true)] {
                let page = try #require(try await hub.services.preferences.page(of: customer))
                #expect(page.rows.first { $0.topic == "news" }?.allowed[.email] == isLeft)
            }
        }
    }

    @Test("what is ticked and unticked is saved as ledger entries with their proof, and nothing else")
    func saving() async throws {
        try await TestHub.run(change: { $0.trustsForwardedFor = true }) { hub, client in
            let customer = try await hub.customer(Self.ana)
            let path = hub.preferencePath(of: customer)
            let fields = [
                "form=preferences", "shown=0%3Aemail%3Aoffers", "shown=0%3Asms%3Aoffers", "shown=1%3Aemail%3Anews",
                "shown=1%3Asms%3Anews", "allow=email%3Aoffers", "allow=sms%3Anews", "allow=email%3Aunknown",
                "allow=ivr%3Aoffers", "pause=3",
            ]
            let headers = Self.form.merging(["x-forwarded-for": "6.6.6.6, 203.0.113.9"]) { $1 }
            let answer = try await client.send(
                .post, path, headers: headers, body: fields.joined(separator: "&"))
            #expect(answer.status == .seeOther)
            #expect(answer[header: "location"] == "?saved=1")
            #expect(try await client.send(.get, path + "?saved=1").text.contains("Saved. Thank you."))

            let consents = try await hub.store.consents(of: customer)
            #expect(
                Set(consents.map { "\($0.state) \($0.channel?.rawValue ?? "*") \($0.topic ?? "*")" }) == [
                    "granted email offers", "denied email news",
                ])
            #expect(consents.allSatisfy { $0.method == "preference-page" && $0.proof["ip"] == "203.0.113.9" })
            #expect(consents.allSatisfy { $0.proof["wording"]?.hasPrefix("What may we write") == true })
            let page = try #require(try await hub.services.preferences.page(of: customer))
            #expect(page.rows.first { $0.topic == "offers" }?.allowed == [.email: true, .sms: false])
            #expect(page.rows.first { $0.topic == "news" }?.allowed == [.email: false, .sms: true])
            #expect(page.pausedUntil?.rfc3339 == "2026-08-31T10:00:00Z")
        }
    }

    @Test("“nothing at all” refuses every topic on every channel")
    func nothing() async throws {
        try await TestHub.run { hub, client in
            let customer = try await hub.customer(Self.ana)
            let answer = try await client.send(
                .post, hub.preferencePath(of: customer), headers: Self.form, body: "form=preferences&all=off")
            #expect(answer.status == .seeOther)
            let page = try #require(try await hub.services.preferences.page(of: customer))
            #expect(page.rows.allSatisfy { !$0.allowed.values.contains(true) })
        }
    }

    @Test("a form sent twice, or from a page left open, says nothing that the customer didn’t")
    func stale() throws {
        let row = PreferenceDesk.Row(topic: "news", title: "News", allowed: [.email: true, .sms: false])
        let page = PreferenceDesk.Page(
            customer: CustomerID(1), language: nil, channels: [.email, .sms], rows: [row], pausedUntil: nil)
        func changes(_ body: String) throws -> [PreferenceDesk.Change]? {
            try PreferenceForm(Array(body.utf8), mediaType: "application/x-www-form-urlencoded")?
                .changes(to: page, now: TestHub.now)
        }
        #expect(try changes("form=preferences&shown=0:email:news&allow=email:news") == [])
        #expect(try changes("form=preferences&shown=1:sms:news") == [.forbid(topic: "news", channel: .sms)])
        #expect(try changes("form=preferences") == [])
        #expect(try changes("form=preferences&pause=end") == [])
        #expect(try changes("form=preferences&pause=7") == [])
        #expect(try changes("form=other") == nil)
    }

    @Test("a form with five hundred topics over four channels is the page’s own, every box ticked")
    func large() async throws {
        try await TestHub.run { hub, client in
            let customer = try await hub.customer(Self.ana)
            let boxes = (0..<500).flatMap { topic in
                Channel.outbound.map { "\($0.rawValue)%3Aa-topic-with-a-name-\(topic)" }
            }
            let fields: [String] =
                ["form=preferences", "shown=1%3Aemail%3Anews", "shown=1%3Asms%3Anews", "allow=sms%3Anews"]
                + boxes.flatMap { ["shown=1%3A\($0)", "allow=\($0)"] } + ["pause=keep"]
            let answer = try await client.send(
                .post, hub.preferencePath(of: customer), headers: Self.form, body: fields.joined(separator: "&"))
            #expect(answer.status == .seeOther)
            let denied = try await hub.store.consents(of: customer).filter { $0.state == .denied }
            #expect(!denied.isEmpty)
            #expect(denied.allSatisfy { $0.topic == "news" && $0.channel == .email && $0.method == "preference-page" })
        }
    }

    @Test(
        "a form of the page’s own that can’t be read is refused, and unsubscribes from nothing",
        arguments: [
            ("&shown=%zz", 1), ("&form=preferences", 1), ("&form=other", 1),
            ("&shown=1%3Aemail%3Anews&allow=email%3Anews", 2_050),
        ])
    func unreadable(more: String, count: Int) async throws {
        try await TestHub.run { hub, client in
            let path = hub.preferencePath(of: try await hub.customer(Self.ana))
            let before = try await hub.store.lastPosition()
            let body = "form=preferences" + String(repeating: more, count: count)
            let answer = try await client.send(.post, path, headers: Self.form, body: body)
            #expect(answer.status == .badRequest)
            #expect(try answer.json["code"]?.string == "malformed")
            #expect(try await hub.store.lastPosition() == before)
        }
    }

    @Test(
        "months are the calendar’s, cut to their length",
        arguments: [(1, "2026-06-30"), (3, "2026-08-31"), (9, "2027-02-28")])
    func months(months: Int, date: String) {
        #expect(TestHub.now.adding(months: months).rfc3339 == "\(date)T10:00:00Z")
    }

    @Test("while the store is away an unsubscription is refused, not lost")
    func unavailable() async throws {
        try await TestHub.run { hub, client in
            let path = hub.preferencePath(of: try await hub.customer(Self.ana))
            try await hub.store.close()
            let answer = try await client.send(.post, path, body: "List-Unsubscribe=One-Click")
            #expect(answer.status == .serviceUnavailable)
            #expect(answer[header: "retry-after"] == "5")
        }
    }
}
