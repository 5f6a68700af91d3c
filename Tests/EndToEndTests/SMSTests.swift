import RapportTestServers
import Testing

@Suite("SMS over Kannel", .enabled(if: Machine.hasKannel), .takesPlace, .timeLimit(.minutes(5)))
struct SMSTests {
    private static let secret = "a-secret-in-the-path"
    private static let number = "10690"
    private static let li = "+8613800138000"
    private static let ana = "+4930901820"

    private func setup() throws -> (HubSetup, incomingURL: String) {
        var setup = try HubSetup()
        setup.environment["SMS_PASSWORD"] = "gateway-password"
        setup.environment["SMS_SECRET"] = Self.secret
        setup.more = "answers: { help: \"Rapport Test: STOP ends messages.\", topic: care }"
        let callback = "http://127.0.0.1:\(setup.port)/in/sms/\(Self.secret)/mo"
        return (setup, callback + "?from=%p&to=%P&text=%b&charset=%C&coding=%c&id=%I&time=%T")
    }

    private func with(_ body: (Hub, KannelServer) async throws -> Void) async throws {
        var (setup, incomingURL) = try setup()
        try await KannelServer.with(incomingURL: incomingURL) { kannel in
            setup.adapters["sms"] = """
                { type: kannel, url: "\(kannel.sendURL)", username: \(kannel.username), password: env:SMS_PASSWORD, \
                secret: env:SMS_SECRET, from: "\(Self.number)", keywords: { stop: [storno] }, callbackURL: "http://127.0.0.1:\(setup.port)" }
                """
            try await Hub.with(setup) { hub in
                try await hub.importCustomers([
                    "crm/1,Ana,,\(Self.ana),en,Lena,,", "crm/2,李明,,13800138000,zh-CN,王芳,,",
                ])
                try await body(hub, kannel)
            }
        }
    }

    private func writeCampaign(_ name: String, _ hub: Hub) throws {
        try hub.writeCampaign(
            name, channels: "sms",
            templates: ["sms.txt": "{{name}}, news of \(name).", "sms.zh.txt": "{{name}}，\(name)的消息。"])
    }

    @Test("reach the phones once each in the customer's language, and count as delivered when the phones have them")
    func delivers() async throws {
        try await with { hub, kannel in
            try writeCampaign("spring", hub)
            #expect(try await hub.send("spring")["planned"].int == 2)
            let sent = try await kannel.sent(count: 2)
            #expect(
                Dictionary(sent.map { ($0.to, $0.text) }, uniquingKeysWith: { $0 + $1 }) == [
                    Self.ana: "Ana, news of spring.", Self.li: "李明，spring的消息。",
                ])
            #expect(sent.allSatisfy { $0.from == Self.number })
            try await hub.waitForStates(["delivered": 2], of: "spring")
            // The SMSC's word (8) and the phone's (1) are told apart, and neither is told twice.
            #expect(try await hub.interactions(kind: "delivery.accepted", count: 2).count == 2)
            #expect(try await hub.interactions(kind: "delivery.delivered").count == 2)
            #expect(kannel.sent.count == 2)
        }
    }

    @Test("obey STOP at once and START after it, and answer HELP")
    func keywords() async throws {
        try await with { hub, kannel in
            for (count, (phone, word)) in [(Self.ana, "Stop."), (Self.li, "退订")].enumerated() {
                try kannel.receive(from: phone, to: Self.number, text: word)
                try await Eventually.true("\(word) to be heard", log: { kannel.log }) {
                    try await hub.status().json["store"]["suppressed"].int == count + 1
                }
            }
            #expect(try await hub.suppressions(of: Self.ana) == ["stop"])
            #expect(try await hub.suppressions(of: Self.li) == ["stop"])
            try writeCampaign("first", hub)
            let first = try await hub.send("first")
            #expect(first["states"].counts == ["skipped": 2])
            #expect(first["skipped"].counts == ["suppressed": 2])
            #expect(kannel.sent.isEmpty)

            try kannel.receive(from: Self.ana, to: Self.number, text: "START")
            try await Eventually.true("START to be heard", log: { kannel.log }) {
                try await hub.suppressions(of: Self.ana).isEmpty
            }
            try writeCampaign("second", hub)
            #expect(try await hub.send("second")["skipped"].counts == ["suppressed": 1])
            #expect(try await kannel.sent(count: 1).map(\.to) == [Self.ana])

            try kannel.receive(from: Self.ana, to: Self.number, text: "help")
            let sent = try await kannel.sent(count: 2)
            #expect(sent[1].to == Self.ana)
            #expect(sent[1].text == "Rapport Test: STOP ends messages.")

            // A word of the configuration's own.
            try kannel.receive(from: Self.ana, to: Self.number, text: "Storno!")
            try await Eventually.true("storno to be heard", log: { kannel.log }) {
                try await hub.suppressions(of: Self.ana) == ["stop"]
            }
            // Keywords want a machine's answer and no person's.
            #expect(try await hub.rows(["followup", "list"]).isEmpty)
        }
    }

    @Test("bring in what customers write, in any script, and pause at a sentence that may mean stop")
    func receives() async throws {
        try await with { hub, kannel in
            try kannel.receive(from: Self.li, to: Self.number, text: "你好，我想预约维修 👋")
            let received = try await hub.interactions(kind: "message.received", count: 1)[0]
            #expect(received["text"].text == "你好，我想预约维修 👋")
            #expect(received["customer"] == (try await hub.customer("id:crm/2"))["id"])
            let open = try await hub.rows(["followup", "list"])
            #expect(open.map { $0["owner"].text } == ["王芳"])

            try kannel.receive(from: Self.ana, to: Self.number, text: "please stop sending me these messages")
            try await hub.interactions(kind: "message.received", count: 2)
            #expect(try await hub.suppressions(of: Self.ana) == [])
            try writeCampaign("spring", hub)
            let report = try await hub.send("spring")
            #expect(report["skipped"].counts == ["consent": 1])
            #expect(Set(try await hub.rows(["followup", "list"]).map { $0["kind"].text }) == ["message", "opt-out"])
            try await kannel.sent(count: 1).forEach { #expect($0.to == Self.li) }
        }
    }
}
