import RapportTestServers
import Testing

@Suite("A campaign by mail through Postfix", .enabled(if: Machine.hasPostfix), .takesPlace, .timeLimit(.minutes(5)))
struct MailCampaignTests {
    static let ana = "crm/1,Ana Weiss,ana@good.test,,en,Lena,,news:*:granted:2026-01-05T10:00:00Z"
    static let liming = "crm/2,李明,liming@good.test,,zh-CN,王芳,,news:*:granted:2026-01-05T10:00:00Z"
    static let bo = "crm/3,Bo Chen,bo@good.test,,en,Lena,,news:*:denied:2026-01-05T10:00:00Z"

    @Test("reaches every customer once, skips who said no, and can be told from the outside and from a backup")
    func thread() async throws {
        try await PostfixServer.with(["good.test": .mailbox]) { postfix in
            var setup = try HubSetup()
            setup.sendsMail(through: postfix)
            let installation = try Hub.install(setup)
            let early = try await installation.run(["status", "--json"])
            #expect(early.status == .exited(2), "\(early)")
            #expect(try JSON(early.output)["health"].text == "down")

            try await Hub.with(setup) { hub in
                let lines = [Self.ana, Self.liming, Self.bo, "crm/4,Nobody,no address,,,,,"]
                let imported = try await hub.importCustomers(lines)
                #expect(imported.status == .exited(1))
                #expect(hub.folder.text(of: "customers.rejected.csv").contains("crm/4"))
                try hub.writeCampaign(
                    "spring",
                    templates: [
                        "email.txt": "Subject: {{name}}, it is spring\n\nDear {{name}},\n\nit is spring.\n",
                        "email.zh.txt": "Subject: {{name}}，春天到了\n\n{{name}}，您好：\n\n春天到了。\n",
                    ])
                let report = try await hub.send("spring")
                #expect(report["planned"].int == 3)
                #expect(report["states"].counts == ["accepted": 2, "skipped": 1])
                #expect(report["skipped"].counts == ["consent": 1])

                try await checkDelivered(postfix)
                // The campaign is over: sending it again sends nothing.
                #expect(try await hub.installation.run(["campaign", "send", "spring"]).status == .exited(2))
                try await Eventually.true("the queue to be empty") { postfix.queued == 0 }
                for (who, count) in ["ana": 1, "liming": 1, "bo": 0] {
                    #expect(try postfix.mails(to: "\(who)@good.test").count == count)
                }

                let status = try await hub.status()
                #expect(status.code == 0, "\(status)")
                #expect(status.json["health"].text == "healthy")
                #expect(status.json["node"]["process"].int == hub.process.identifier)
                try await checkBackup(of: hub, status: status.json)
            }
        }
    }

    private func checkDelivered(_ postfix: PostfixServer) async throws {
        let mail = try await postfix.mail(to: "ana@good.test")
        #expect(mail.header("Subject") == "Ana Weiss, it is spring")
        let links = try #require(mail.header("List-Unsubscribe"))
        #expect(links.hasPrefix("<\(HubSetup.publicURL)/u/"))
        #expect(links.contains("<mailto:unsubscribe+"))
        #expect(mail.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click")
        let id = try #require(mail.header("Message-ID"))
        let token = id.dropFirst().prefix { $0 != "@" }
        #expect(id == "<\(token)@hub.test>")
        let dispatch = token.prefix { $0 != "-" }
        let returnPath = try #require(mail.returnPath)
        #expect(returnPath.hasPrefix("bounce+\(dispatch)-") && returnPath.hasSuffix("@hub.test"))
        // Everybody who gets an answer sees the Message-ID, which must not tell the return path.
        #expect(!returnPath.contains(token))
        #expect(mail.header("Received")?.contains("using TLS") == true || mail.text.contains("with ESMTPS"))

        let chinese = try await postfix.mail(to: "liming@good.test")
        #expect(chinese.header("Message-ID") != id)
        #expect(chinese.header("Subject")?.lowercased().hasPrefix("=?utf-8?") == true)
    }

    /// A copy that is put in the store's place tells the same.
    private func checkBackup(of hub: Hub, status: JSON) async throws {
        try await hub.command(["backup", "copy.db"])
        var setup = try HubSetup()
        setup.adapters = hub.setup.adapters
        let place = "sqlite:" + hub.folder.path("copy.db")
        let copy = try RapportInstallation(
            configuration: setup.configuration.replacing("sqlite:data/rapport.db", with: place),
            environment: setup.environment)
        try copy.folder.write(setup.policy, to: "policy.yaml")
        let rows = try await copy.run(["log", "--after", "i0", "--json"])
        #expect(rows.lines.count == status["store"]["lastPosition"].int)
        #expect(try await copy.run(["rebuild", "--verify"]).succeeded)
        let again = try await hub.installation.run(["backup", "copy.db"])
        #expect(again.status == .exited(2))
    }
}
