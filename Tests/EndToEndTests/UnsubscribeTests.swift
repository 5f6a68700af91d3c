import RapportTestServers
import Testing

@Suite("Leaving a list from a mail", .enabled(if: Machine.hasPostfix), .takesPlace, .timeLimit(.minutes(5)))
struct UnsubscribeTests {
    @Test("takes one click or one mail, is not done by looking, and holds for the next campaign")
    func leaves() async throws {
        var setup = try HubSetup()
        setup.takesMail()
        let routes: [String: MailRoute] = ["good.test": .mailbox, "hub.test": .lmtp(port: setup.mailPort)]
        try await PostfixServer.with(routes) { postfix in
            setup.sendsMail(through: postfix)
            try await Hub.with(setup) { hub in
                try await hub.importCustomers(["ana", "bo", "cai"].map { "crm/\($0),\($0),\($0)@good.test,,,,," })
                try hub.writeCampaign("first")
                #expect(try await hub.send("first")["states"].counts == ["accepted": 3])

                let path = try await link(in: postfix.mail(to: "ana@good.test"), of: "https:")
                let page = try #require(path.split(separator: HubSetup.publicURL).last.map(String.init))
                for _ in 0..<2 {
                    let answer = try await LoopbackHTTP.get(page, port: hub.port)
                    #expect(answer.status == 200)
                    #expect(answer.headers["content-type"]?.hasPrefix("text/html") == true)
                }
                #expect(try await hub.rows(["consent", "show", "id:crm/ana"]).isEmpty)
                #expect(try await hub.post(page + "x", body: "List-Unsubscribe=One-Click").status == 404)
                #expect(try await hub.post(page, body: "whatever a mailbox sends").status == 200)
                let denied = try await hub.rows(["consent", "show", "id:crm/ana"])
                #expect(denied.contains { $0["state"].text == "denied" && $0["method"].text == "list-unsubscribe" })

                let mailbox = try await link(in: postfix.mail(to: "bo@good.test"), of: "mailto:").dropFirst(7)
                try await SMTPDialogue.submit(
                    port: postfix.port, from: "bo@good.test", to: [String(mailbox)],
                    mail: "From: bo@good.test\nTo: \(mailbox)\nSubject: unsubscribe\nMessage-ID: <u1@good.test>\n\n\n")
                try await Eventually.true("the mail to be heard", log: { postfix.log + hub.log }) {
                    try await hub.rows(["consent", "show", "id:crm/bo"]).contains { $0["state"].text == "denied" }
                }

                try hub.writeCampaign("second")
                let second = try await hub.send("second")
                #expect(second["states"].counts == ["accepted": 1, "skipped": 2])
                #expect(second["skipped"].counts == ["consent": 2])
                #expect(try await postfix.mails(to: "cai@good.test", count: 2).count == 2)
                #expect(try postfix.mails(to: "ana@good.test").count == 1)
            }
        }
    }

    private func link(in mail: DeliveredMail, of scheme: String) throws -> String {
        let links = try #require(mail.header("List-Unsubscribe")).split { "<>, ".contains($0) }
        return String(try #require(links.first { $0.hasPrefix(scheme) }))
    }
}
