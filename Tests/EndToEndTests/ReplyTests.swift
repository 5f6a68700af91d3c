import RapportTestServers
import Testing

@Suite("Customers who write back by mail", .enabled(if: Machine.hasPostfix), .takesPlace, .timeLimit(.minutes(5)))
struct ReplyTests {
    private func mail(from sender: String, subject: String, fields: [String], text: String) -> String {
        (["From: \(sender)", "To: hello@hub.test", "Subject: \(subject)"] + fields + ["", text, ""])
            .joined(separator: "\n")
    }

    @Test("are somebody's to answer, get no second copy of the campaign, and are answered in the same conversation")
    func reply() async throws {
        var setup = try HubSetup()
        setup.takesMail()
        let routes: [String: MailRoute] = ["good.test": .mailbox, "hub.test": .lmtp(port: setup.mailPort)]
        try await PostfixServer.with(routes) { postfix in
            setup.sendsMail(through: postfix)
            try await Hub.with(setup) { hub in
                try await hub.importCustomers([MailCampaignTests.ana, "crm/5,Eva,eva@good.test,,en,Max,,"])
                try hub.writeCampaign("spring")
                #expect(try await hub.send("spring", occurrence: "1")["states"].counts == ["accepted": 2])
                let sent = try #require(try await postfix.mail(to: "ana@good.test").header("Message-ID"))
                let other = try #require(try await postfix.mail(to: "eva@good.test").header("Message-ID"))

                try await deliver(
                    postfix, from: "eva@good.test",
                    mail(
                        from: "eva@good.test", subject: "Out of office",
                        fields: [
                            "In-Reply-To: \(other)", "Message-ID: <away@good.test>", "Auto-Submitted: auto-replied",
                        ],
                        text: "I am away."))
                try await hub.interactions(kind: "message.auto-reply", count: 1)
                #expect(try await hub.rows(["followup", "list"]).isEmpty)

                let answer = mail(
                    from: "Ana Weiss <ana@good.test>", subject: "Re: Hello",
                    fields: ["In-Reply-To: \(sent)", "Message-ID: <answer@good.test>"],
                    text: "Yes please. And when is my machine repaired?")
                try await deliver(postfix, from: "ana@good.test", answer)
                let received = try await hub.interactions(kind: "message.received", count: 1)[0]
                #expect(received["campaign"].text == "spring")
                #expect(received["dispatch"].text != nil)
                #expect(received["text"].text?.contains("machine repaired") == true)
                // The same mail again, as after a connection that broke at the wrong moment.
                try await deliver(postfix, from: "ana@good.test", answer)
                try await Eventually.true("the queue to be empty", log: { postfix.log }) { postfix.queued == 0 }
                #expect(try await hub.interactions(kind: "message.received").count == 1)

                let followUps = try await hub.rows(["followup", "list"])
                #expect(followUps.count == 1)
                let open = try #require(followUps.first)
                #expect(open["owner"].text == "Lena")
                #expect(open["kind"].text == "message")
                #expect(open["dueAt"].text != nil)
                #expect(open["overdue"].flag == false)
                #expect(open["conversation"] == received["conversation"])

                let again = try await hub.send("spring", occurrence: "2")
                #expect(again["states"].counts == ["accepted": 1, "skipped": 1])
                #expect(again["skipped"].counts == ["responded": 1])
                #expect(try await hub.report("spring@1")["responded"].int == 1)

                try await answerIt(open, hub: hub, postfix: postfix)
            }
        }
    }

    private func answerIt(_ open: JSON, hub: Hub, postfix: PostfixServer) async throws {
        let id = try #require(open["id"].text)
        let sent = try await hub.rows([
            "message", "send", "--to", "ana@good.test", "--channel", "email", "--class", "service", "--topic", "care",
            "--subject", "Your machine", "--text", "It is ready.", "--closes", id, "--wait",
        ])
        #expect(sent[0]["state"].text == "accepted")
        let mails = try await postfix.mails(to: "ana@good.test", count: 2)
        let mail = try #require(mails.first { $0.header("Subject") == "Your machine" })
        #expect(mail.header("In-Reply-To") == "<answer@good.test>")
        #expect(mail.header("References") == "<answer@good.test>")
        #expect(mail.header("Auto-Submitted") == nil, "a person wrote it")
        #expect(try await hub.rows(["followup", "list"]).isEmpty)
        let closed = try await hub.rows(["followup", "list", "--all"])
        #expect(closed[0]["state"].text == "closed")
        let rows = try await hub.rows(["followup", "show", id]).dropFirst().map { $0["kind"].text }
        #expect(rows.contains("message.received") && rows.contains("message.sent"), "\(rows)")
        try await underAKey(hub: hub)
    }

    private func underAKey(hub: Hub) async throws {
        func message(_ text: String) -> [String] {
            [
                "message", "send", "--to", "ana@good.test", "--channel", "email", "--class", "service", "--topic",
                "care",
                "--subject", "Your bill", "--text", text, "--key", "order-7",
            ]
        }
        let first = try await hub.rows(message("It is paid."))[0]
        let again = try await hub.rows(message("It is paid."))[0]
        #expect(first["repetition"].flag == false && again["repetition"].flag == true)
        #expect(first["dispatch"] == again["dispatch"])
        let another = try await hub.installation.run(message("It is due."))
        #expect(another.status.code == 2 && another.errors.contains("used for another message"), "\(another)")
    }

    private func deliver(_ postfix: PostfixServer, from sender: String, _ mail: String) async throws {
        let replies = try await SMTPDialogue.submit(
            port: postfix.port, from: sender, to: ["hello@hub.test"], mail: mail)
        #expect(replies.last?.hasPrefix("250") == true, "\(replies)")
    }
}
