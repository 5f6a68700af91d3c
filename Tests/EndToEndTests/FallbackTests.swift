import RapportTestServers
import Testing

@Suite(
    "A campaign by mail or else by SMS", .enabled(if: Machine.hasPostfix && Machine.hasKannel), .takesPlace,
    .timeLimit(.minutes(5)))
struct FallbackTests {
    @Test("takes the next channel for who has no mailbox or whose mailbox is gone, and only one for everybody else")
    func fallsBack() async throws {
        var setup = try HubSetup()
        setup.environment["SMS_PASSWORD"] = "gateway-password"
        setup.environment["SMS_SECRET"] = "a-secret-in-the-path"
        let routes: [String: MailRoute] = ["good.test": .mailbox, "gone.test": .refuse("550 5.1.1 No such mailbox")]
        try await PostfixServer.with(routes) { postfix in
            setup.sendsMail(through: postfix)
            let callback = "http://127.0.0.1:\(setup.port)"
            try await KannelServer.with(incomingURL: callback) { kannel in
                setup.adapters["sms"] = """
                    { type: kannel, url: "\(kannel.sendURL)", username: \(kannel.username), \
                    password: env:SMS_PASSWORD, secret: env:SMS_SECRET, callbackURL: "\(callback)" }
                    """
                try await Hub.with(setup) { hub in
                    try await hub.importCustomers([
                        "crm/1,Ana,ana@good.test,+4930901820,,,,", "crm/2,Bo,bo@gone.test,+14155552671,,,,",
                        "crm/3,Cai,,+8613800138000,,,,", "crm/4,Dan,dan@gone.test,,,,,",
                    ])
                    try hub.writeCampaign(
                        "spring", channels: "email, sms",
                        templates: ["email.txt": "Subject: News\n\nnews\n", "sms.txt": "news for {{name}}"])
                    let report = try await hub.send("spring")
                    #expect(report["planned"].int == 4)
                    #expect(report["failed"].counts == ["badAddress": 1])
                    let sent = try await kannel.sent(count: 2)
                    #expect(Set(sent.map(\.text)) == ["news for Bo", "news for Cai"])
                    try await hub.waitForStates(["accepted": 1, "delivered": 2, "failed": 1], of: "spring")
                    #expect(try await postfix.mails(to: "ana@good.test", count: 1).count == 1)
                    #expect(kannel.sent.count == 2)
                    #expect(try await hub.suppressions(of: "id:crm/2") == ["invalid"])
                }
            }
        }
    }
}
