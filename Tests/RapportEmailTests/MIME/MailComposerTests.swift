import RapportChannels
import RapportCore
import RapportEmail
import Testing

@Suite("Composing mails")
struct MailComposerTests {
    @Test("a plain mail has all its fields, and nothing random in it")
    func plain() throws {
        let message = try MailSamples.message()
        let mail = try MailSamples.composer().compose(message)
        let expected = """
            From: Rapport <news@hub.example>
            To: <ana@example.com>
            Subject: Hello
            Date: Sat, 28 Mar 2026 22:30:00 +0000
            Message-ID: <\(MailSamples.token)@hub.example>
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: text/plain; charset=us-ascii
            Content-Transfer-Encoding: 7bit

            Hello,

            how are you?

            """
        #expect(String(decoding: mail.bytes, as: UTF8.self) == expected.replacing("\n", with: "\r\n"))
        #expect(mail.mailFrom == MailSamples.identity.names(of: MailSamples.dispatch).returnPath)
        #expect(mail.recipient == "ana@example.com")
        #expect(!mail.needs8Bit && !mail.needsUTF8)
        #expect(try MailSamples.composer().compose(message) == mail)
    }

    @Test(
        "a mail that may go to several mailboxes tells in its return path, and where it is left, which one it went to")
    func route() throws {
        let identity = MailSamples.identity
        let message = try MailSamples.message {
            $0.route = 1
            $0.unsubscribeURL = "https://hub.example/u/x"
        }
        let mail = try MailSamples.composer().compose(message)
        #expect(mail.mailFrom == identity.names(of: MailSamples.dispatch, route: 1).returnPath)
        #expect(mail.mailFrom != identity.names(of: MailSamples.dispatch).returnPath)
        let leaving = try #require(identity.names(of: MailSamples.dispatch, route: 1).unsubscribeMailbox)
        let lines = MailSamples.headerLines(mail.bytes)
        #expect(lines.contains("List-Unsubscribe: <https://hub.example/u/x>, <mailto:\(leaving)>"))
        #expect(lines.contains("Message-ID: <\(MailSamples.token)@hub.example>"))
    }

    private static let texts: [String] = [
        "", "x", "no line end", "line\n", "\n\n", ".\n..\n.leading dots\n", "你好，世界！\n这是一封邮件。\n", "naïve café\n",
        "🎉👩‍👩‍👧‍👦 emoji\n", String(repeating: "long ", count: 500) + "\n", String(repeating: "x", count: 5000),
        String(repeating: "字", count: 3000), "trailing blanks   \t\n", "From here\n>From there\n",
        "--=_m\(MailSamples.dispatch)\nnot a boundary\n--=_a\(MailSamples.dispatch)--\n", "a = b_c=_d\n",
        "bell \u{7} and nul \u{0}\n",
    ]

    @Test("whatever the text, it comes back, in lines of 7-bit characters below the limit", arguments: texts)
    func roundTrip(text: String) throws {
        let html = "<p>\(text.replacing("\n", with: "<br>"))</p>"
        let file = EmailContent.Attachment(name: "a.bin", type: "application/pdf", bytes: Array(0...255))
        for (html, files) in [(nil, []), (html, []), (nil, [file]), (html, [file, file])] {
            let message = try MailSamples.message(text: text, html: html, attachments: files)
            let mail = try MailSamples.composer().compose(message)
            try expectSevenBitLines(mail.bytes)
            let parsed = try MailSamples.parsed(mail)
            #expect((parsed.text ?? "").trimmed == text.trimmed)
            #expect(parsed.attachments.map(\.size) == files.map { _ in 256 })
            #expect(parsed.messageID == MailSamples.identity.names(of: MailSamples.dispatch).messageID)
        }
    }

    private func expectSevenBitLines(_ bytes: [UInt8]) throws {
        #expect(bytes.allSatisfy { $0 < 0x80 && $0 != 0 })
        #expect(bytes.suffix(2) == [13, 10])
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).dropLast()
        #expect(lines.allSatisfy { $0.last == 13 && !$0.dropLast().contains(13) && $0.count <= 999 })
    }

    @Test("carriage returns of any style become line ends")
    func lineEnds() throws {
        let mail = try MailSamples.composer().compose(MailSamples.message(text: "a\r\nb\rc\n"))
        #expect(String(decoding: mail.bytes, as: UTF8.self).hasSuffix("\r\n\r\na\r\nb\r\nc\r\n"))
    }

    @Test(
        "subjects and names of any language come back",
        arguments: [
            "Hello", "你好，这是一个很长很长的主题，长到必须折成好几行才能放进一封邮件的头部里面去，否则就不合规范了", "Größe & Preis", "=?utf-8?Q?already?=",
            "🎉 Überraschung für 张伟", String(repeating: "word ", count: 60) + "end", "quoted \"name\", with (all)",
        ])
    func headers(text: String) throws {
        let mail = try MailSamples.composer().compose(MailSamples.message(subject: text, toName: text))
        let parsed = try MailSamples.parsed(mail)
        #expect(parsed.subject == text)
        #expect(parsed.to == [ParsedMail.Mailbox(address: "ana@example.com", name: text)])
        #expect(mail.bytes.allSatisfy { $0 < 0x80 })
        for line in mail.bytes.split(separator: 10) { #expect(line.count <= 79) }
    }

    @Test(
        "no line break gets into the header",
        arguments: [
            "\r\nBcc: eve@example.com", "\nBcc: eve@example.com", "\rBcc: x", "\u{0}Bcc: x", "\u{85}Bcc: x\u{2028}",
        ])
    func injection(evil: String) throws {
        let names = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"]
        let composer = try MailSamples.composer()
        let mail = try composer.compose(MailSamples.message(subject: "a" + evil, toName: "b" + evil))
        let lines = MailSamples.headerLines(mail.bytes)
        #expect(lines.map { $0.components(before: ":") } == names + ["Content-Type", "Content-Transfer-Encoding"])

        let file = EmailContent.Attachment(name: "c\(evil).txt", type: "text/plain\(evil)", bytes: [1])
        let second = try composer.compose(MailSamples.message(attachments: [file]))
        #expect(
            !String(decoding: second.bytes, as: UTF8.self).split(separator: "\r\n").contains { $0.hasPrefix("Bcc") })

        #expect(throws: SendError(.badAddress)) {
            try composer.compose(MailSamples.message(to: "ana@example.com" + evil))
        }
        #expect(throws: SendError(.unsupported)) {
            try composer.compose(MailSamples.message { $0.unsubscribeURL = "https://hub.example/u/1" + evil })
        }
        let threaded = try composer.compose(MailSamples.message { $0.thread = ["<a\(evil)@b>", "<good@b>"] })
        #expect(MailSamples.headerLines(threaded.bytes).contains("References: <good@b>"))
        for bytes in [mail.bytes, second.bytes, threaded.bytes] { try expectSevenBitLines(bytes) }
        if evil.utf8.allSatisfy({ $0 < 0x80 }) {
            #expect(throws: SendError(.configuration)) {
                try MailSamples.composer(MailSender(from: "a@b.example" + evil))
            }
        }
    }

    @Test("a mail that can be unsubscribed from says how, in one click and by mail")
    func unsubscribe() throws {
        let message = try MailSamples.message {
            $0.unsubscribeURL = "https://hub.example/u/" + String(repeating: "t", count: 90)
        }
        let sender = MailSender(from: "news@hub.example", listID: "news.hub.example")
        let lines = try MailSamples.headerLines(MailSamples.composer(sender).compose(message).bytes)
        let link = "https://hub.example/u/" + String(repeating: "t", count: 90)
        let token = MailSamples.tokens.tokens(of: MailSamples.dispatch)[.preferences]
        #expect(lines.contains("List-Unsubscribe: <\(link)>, <mailto:unsubscribe+\(token)@hub.example>"))
        #expect(lines.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"))
        #expect(lines.contains("List-Id: <news.hub.example>"))
    }

    @Test("only what a machine wrote says so, and an answer names the thread")
    func automatic() throws {
        let answer = try MailSamples.message { $0.thread = ["<1@a>", "2@b"] }
        let reply = try MailSamples.message {
            $0.thread = ["<1@a>"]
            $0.isAutomaticReply = true
        }
        let lines = try MailSamples.headerLines(MailSamples.composer().compose(answer).bytes)
        #expect(lines.contains("In-Reply-To: <2@b>") && lines.contains("References: <1@a> <2@b>"))
        #expect(!lines.contains { $0.hasPrefix("Auto-Submitted") })
        for isPersonal in [false, true] {
            let first = try MailSamples.message { $0.isPersonal = isPersonal }
            let lines = try MailSamples.headerLines(MailSamples.composer().compose(first).bytes)
            #expect(lines.contains { $0.hasPrefix("Auto-Submitted") } == !isPersonal)
        }
        #expect(
            try MailSamples.headerLines(MailSamples.composer().compose(reply).bytes).contains(
                "Auto-Submitted: auto-replied"))
    }

    @Test("attachments keep their names, and types that may not be encoded are sent as bytes")
    func attachments() throws {
        let names = ["报价单 2026.pdf", "a \"b\".txt", "../../etc/passwd", "C:\\temp\\x.doc", ""]
        let files = names.map { EmailContent.Attachment(name: $0, type: "message/rfc822", bytes: [1, 2]) }
        let parsed = try MailSamples.parsed(MailSamples.composer().compose(MailSamples.message(attachments: files)))
        #expect(parsed.attachments.map(\.name) == ["报价单 2026.pdf", "a \"b\".txt", "passwd", "x.doc", nil])
        #expect(parsed.attachments.allSatisfy { $0.type == "application/octet-stream" })
    }

    @Test("an address outside ASCII needs SMTPUTF8 and stands as it is")
    func internationalAddress() throws {
        let mail = try MailSamples.composer().compose(MailSamples.message(to: "张伟@xn--fsqu00a.xn--0zwm56d"))
        #expect(mail.needsUTF8 && mail.needs8Bit)
        #expect(mail.recipient == "张伟@xn--fsqu00a.xn--0zwm56d")
    }

    @Test("the sender of the content goes before the adapter's, and nonsense is refused")
    func senders() throws {
        let own = EmailContent(
            from: "\"Li, Na\" <li@hub.example>", replyTo: "desk@hub.example", subject: "s", text: "t")
        let parsed = try MailSamples.parsed(
            MailSamples.composer().compose(MailSamples.message { $0.content = .email(own) }))
        #expect(parsed.from == [ParsedMail.Mailbox(address: "li@hub.example", name: "Li, Na")])
        #expect(parsed.replyTo.map(\.address) == ["desk@hub.example"])
        for bad in ["", "nobody", "a@b, c@d", "a@b <"] {
            #expect(throws: SendError.self, "\(bad)") { try MailSamples.composer(MailSender(from: bad)) }
        }
        #expect(throws: SendError(.unsupported)) {
            try MailSamples.composer().compose(MailSamples.message { $0.content = .text("x") })
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
