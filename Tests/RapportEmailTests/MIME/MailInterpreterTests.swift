import RapportChannels
import RapportCore
import RapportEmail
import Testing

@Suite("What a mail means")
struct MailInterpreterTests {
    private let interpreter = MailInterpreter(identity: MailSamples.identity)
    private let dispatch = DispatchReference.dispatch(MailSamples.dispatch)
    private let messageID = MailSamples.identity.names(of: MailSamples.dispatch).messageID
    private let returnPath = MailSamples.identity.names(of: MailSamples.dispatch).returnPath

    private func event(
        _ header: String = "", body: String = "Hello\n", to recipients: [String] = ["desk@hub.example"],
        sender: String? = "ana@example.com"
    ) throws -> InboundEvent {
        let text = "From: Ana <ana@example.com>\nTo: desk@hub.example\nMessage-ID: <m1@example.com>\n\(header)\n\(body)"
        let events = interpreter.events(
            MailSamples.bytes(text), envelope: MailEnvelope(sender: sender, recipients: recipients))
        #expect(events.count == 1)
        return try #require(events.first)
    }

    @Test("a person's mail is a message from its sender")
    func message() throws {
        let event = try event("Subject: Hi\nDate: Sat, 28 Mar 2026 23:30:00 +0100\n", body: "Please call me.\n")
        #expect(event.kind == .messageReceived && event.direction == .inbound && event.channel == .email)
        #expect(event.customerAddresses == [RawAddress(.mailto, "ana@example.com")])
        #expect(event.from == "ana@example.com" && event.to == "desk@hub.example" && event.subject == "Hi")
        #expect(event.text == "Please call me.\n" && event.occurredAt == Timestamp(seconds: 1_774_737_000))
        #expect(event.threadKeys == ["<m1@example.com>"] && event.answers.isEmpty && event.requests.isEmpty)
        #expect(event.payload?.type == "message/rfc822" && event.dispatch == nil && event.delivery == nil)
    }

    @Test("what a person added to an old mail is told apart when it is not nearly all of the text")
    func newPart() throws {
        let quoted = "> The brochure is here. It has forty pages and a price list.\n"
        #expect(try event("", body: "Please call me.\n").attributes["reply"] == nil)
        #expect(try event("", body: "\n\nPlease call me.\n\n\n").attributes["reply"] == nil)
        #expect(try event("", body: "Please call me.\n\n" + quoted).attributes["reply"] == "Please call me.")
        // Nearly as long as the text, and yet not one piece of it.
        #expect(try event("", body: "Call me\n> now?\nplease.\n").attributes["reply"] == "Call me\nplease.")
    }

    @Test("an answer names what it answers, the nearest first, and our dispatch among it")
    func answers() throws {
        let event = try event("In-Reply-To: <3@x>\nReferences: <1@x>\n \(messageID) <3@x>\n")
        #expect(event.answers == ["<3@x>", messageID, "<1@x>"])
        #expect(event.dispatch == dispatch)
        #expect(try self.event("In-Reply-To: \(messageID.uppercased())\n").dispatch == dispatch)
    }

    @Test("a token that was not made by us names nothing")
    func forged() throws {
        let other = MailIdentity(
            domain: "hub.example", returnPath: "bounce@hub.example", unsubscribeMailbox: "unsubscribe@hub.example",
            tokens: DispatchTokens(secret: Secret("another")))
        let id = other.names(of: MailSamples.dispatch).messageID
        #expect(try event("In-Reply-To: \(id)\n").dispatch == nil)
        #expect(try event(to: [other.names(of: MailSamples.dispatch).returnPath]).dispatch == nil)
        let leaving = try #require(other.names(of: MailSamples.dispatch).unsubscribeMailbox)
        #expect(try event(to: [leaving]).requests.isEmpty)
        // A Message-ID is seen by many; its token unsubscribes nobody.
        #expect(try event(to: ["unsubscribe+\(MailSamples.token)@hub.example"]).requests.isEmpty)
        #expect(try event("In-Reply-To: \(messageID.replacing("hub.example", with: "evil.example"))\n").dispatch == nil)
    }

    @Test("the same mail has the same source id whatever servers add, and another body another")
    func sourceIDs() throws {
        let first = try event("Subject: a\n")
        #expect(first.sourceID?.hasPrefix("<m1@example.com>#") == true && first.sourceID?.count == 33)
        #expect(try event("Subject: a\nReceived: by b\n").sourceID == first.sourceID)
        #expect(try event("Subject: a\n", body: "Other\n").sourceID != first.sourceID)
        #expect(interpreter.events(MailSamples.bytes("From: a@b.example\n\nx\n"))[0].sourceID == nil)
    }

    @Test(
        "machines are told from people",
        arguments: [
            ("Auto-Submitted: auto-replied", true), ("Auto-Submitted: auto-generated (x)", true),
            ("Auto-Submitted: no", false),
            ("Precedence: auto_reply", true), ("Precedence: bulk", true), ("Precedence: first-class", false),
            ("X-Autoreply: yes", true),
            ("X-Auto-Response-Suppress: OOF, AutoReply", false), ("Subject: Auto: Angebot für den Golf", false),
            ("X-Autorespond: x", true),
            ("Subject: Automatic reply: Hello", true), ("Subject: 自动回复：您好", true),
            ("Subject: Re: Automatic reply: Hello", false),
            ("Subject: auto insurance", false), ("X-Autoreply: no", false),
        ])
    func automatic(header: String, isAutomatic: Bool) throws {
        #expect(try event(header + "\n").kind == (isAutomatic ? .messageAutoReply : .messageReceived))
    }

    @Test("an automatic answer to our return path is no bounce")
    func vacation() throws {
        let event = try event(
            "Auto-Submitted: auto-replied\n", body: "I am away until Monday.\n", to: [returnPath], sender: "")
        #expect(event.kind == .messageAutoReply && event.dispatch == dispatch && event.delivery == nil)
        #expect(try self.event(body: "Away.\n", sender: "").kind == .messageAutoReply)
    }

    @Test(
        "an automatic answer that speaks of a delivery is no bounce, and one that names whom it could not reach is",
        arguments: [
            "Auto-Submitted: auto-replied", "In-Reply-To: <x@hub.example>", "Precedence: bulk", "X-Vacation: yes",
            "Subject: Automatic reply: News",
        ])
    func vacationWithFailureWords(header: String) throws {
        let body = "I am away. For the delivery status of your order write to\nbob@firma.example\n"
        for sender in ["ana@example.com", ""] {
            let event = try event(header + "\n", body: body, to: [returnPath], sender: sender)
            #expect(event.kind == .messageAutoReply || header.hasPrefix("In-Reply-To") && !sender.isEmpty)
            #expect(event.delivery == nil && event.text == body && event.dispatch == dispatch)
            let failed = "X-Failed-Recipients: bob@firma.example\n"
            let bounce = try self.event(header + "\n" + failed, body: body, to: [returnPath], sender: sender)
            #expect(bounce.kind == .deliveryBounced)
            #expect(bounce.customerAddresses == [RawAddress(.mailto, "bob@firma.example")])
        }
    }

    @Test(
        "unsubscribing by mail works by mailbox, subject or text",
        arguments: [
            ("Subject: unsubscribe\n", "\n", true), ("Subject: UNSUBSCRIBE!\n", "please\n", true),
            ("Subject: 退订\n", "\n", true),
            ("Subject: Re: News\n", "Unsubscribe\n\nOn Monday, Rapport <news@hub.example> wrote:\n> News\n", true),
            ("Subject: Re: News\n", "> News\n> unsubscribe here\n", false), ("Subject: News\n", "退订。\n", true),
            ("Subject: How do I unsubscribe my dog?\n", "\n", false), ("Subject: cancel\n", "my order\n", false),
            ("Auto-Submitted: auto-replied\nSubject: x\n", "unsubscribe\n", false),
            ("Auto-Submitted: auto-replied\nX-Apple-Unsubscribe: true\nSubject: unsubscribe\n", "\n", true),
        ])
    func unsubscribe(header: String, body: String, leaves: Bool) throws {
        let optOut = CustomerRequest.optOut(topic: nil, channel: .email, method: "mail")
        #expect(try event(header, body: body).requests.contains(optOut) == leaves)
    }

    @Test(
        "what introduces a quotation is no part of the answer, wherever the writer's name stands in it",
        arguments: [
            "Am Mo., 5. Jan. 2026 um 10:12 Uhr schrieb Example <news@hub.example>:",
            "Am Mo., 5. Jan. 2026 um 10:12 Uhr schrieb Example <\nnews@hub.example>:",
            "Am Montag, 5. Januar 2026 um 10:12:00 Uhr\nschrieb Example & Co. <news@hub.example>:",
            "Am 05.01.26 um 10:12 schrieb Example:", "At 2026-01-05 10:12:00, \"Example\" <news@hub.example> wrote:",
            "At 2026-01-05 10:12:00, \"Example\" <news@hub.example>\nwrote:",
            "Example <news@hub.example> 于2026年1月5日周一 10:12写道：",
            "Example <news@hub.example> 于2026年1月5日周一\n10:12写道：",
            "Example <news@hub.example>\n于2026年1月5日周一 10:12写道：",
            "Example <news@hub.example> 於 2026年1月5日 週一 上午10:12寫道：",
            "Le 30/08/2022 à 07:15, Example a écrit\u{A0}:",
            "Le 30/08/2022 à 07:15, Example a\u{A0}écrit\u{202F}:\u{A0}",
            "Le lun. 5 janv. 2026 à 10:12, Example <news@hub.example>\na écrit\u{A0}:",
            "De\u{A0}: Example <news@hub.example>\nEnvoyé\u{A0}: lundi 5 janvier 2026 10:12",
            "De\u{202F}: Example\nDate\u{202F}: lundi 5 janvier 2026 à 10:12",
            "Il giorno lun 5 gen 2026 alle ore 10:12 Example <news@hub.example> ha scritto:",
            "Il 05/01/26 10:12, Example ha scritto:", "Da: Example\nInviato: lunedì 5 gennaio 2026 10:12",
            "Em seg., 5 de jan. de 2026 às 10:12, Example <news@hub.example>\nescreveu:",
            "No dia 05/01/2026, às 10:12, Example escreveu:", "De: Example\nEnviada em: segunda-feira, 5 de janeiro",
            "пн, 5 янв. 2026\u{A0}г. в 10:12, Example <news@hub.example>:",
            "пн, 5 янв. 2026 г. в 10:12, Example <\nnews@hub.example>:", "05.01.2026 10:12, Example пишет:",
            "05.01.2026, 10:12, \"Example\" <news@hub.example>:", "От: Example\nОтправлено: 5 января 2026 г. 10:12",
        ])
    func introduction(line: String) throws {
        let optOut = CustomerRequest.optOut(topic: nil, channel: .email, method: "mail")
        for between in ["\n\n", "\n"] {
            let event = try event(
                "Subject: Re: News\nContent-Type: text/plain; charset=utf-8\n",
                body: "Abmelden\(between)\(line)\n> News\n> for you\n")
            #expect(event.requests == [optOut])
        }
    }

    @Test(
        "what an answer quotes asks for nothing when nothing is written above it",
        arguments: [
            "> unsubscribe\n", "> Unsubscribe: https://hub.example/u/1\n",
            "On Monday, Rapport <news@hub.example> wrote:\n> News\n> unsubscribe\n",
            "-----Original Message-----\nFrom: news@hub.example\n\nunsubscribe\n",
        ])
    func onlyQuoted(body: String) throws {
        for header in ["Subject: Re: News\n", "Subject: Stop\n"] {
            let leaves = [CustomerRequest.optOut(topic: nil, channel: .email, method: "mail")]
            let event = try event(header, body: body)
            #expect(event.requests == (header.contains("Stop") ? leaves : []))
            #expect(event.kind == .messageReceived && event.text == body && event.attributes["reply"] == nil)
        }
    }

    @Test(
        "what is written under a subject that unsubscribes waits for an answer",
        arguments: [
            ("Subject: Stop\n", "When does my order come?\n", true), ("Subject: Stop\n", "\n", false),
            ("Subject: Stop\n", "stop\n", false),
            ("Auto-Submitted: auto-generated\nSubject: stop\n", "sent by x\n", false),
        ])
    func question(header: String, body: String, waits: Bool) throws {
        let requests = try event(header, body: body).requests
        #expect(requests.first == .optOut(topic: nil, channel: .email, method: "mail"))
        #expect(requests.contains(.followUp(kind: "message", summary: "When does my order come?")) == waits)
    }

    @Test("a mail to the unsubscribe mailbox of a dispatch says which")
    func unsubscribeMailbox() throws {
        let optOut = CustomerRequest.optOut(topic: nil, channel: .email, method: "mail")
        let leaving = try #require(MailSamples.identity.names(of: MailSamples.dispatch).unsubscribeMailbox)
        let event = try event("Auto-Submitted: auto-generated\n", body: "\n", to: [leaving.uppercased()])
        #expect(event.requests == [optOut] && event.dispatch == dispatch)
        #expect(try self.event(to: ["unsubscribe@hub.example"]).requests == [optOut])
        // The plain mailbox may stand before it.
        let both = try self.event(to: ["unsubscribe@hub.example", leaving])
        #expect(both.requests == [optOut] && both.dispatch == dispatch && both.isDispatchTheirs)
        let second = try #require(MailSamples.identity.names(of: MailSamples.dispatch, route: 1).unsubscribeMailbox)
        #expect(try self.event(to: [second]).dispatch == dispatch)
    }

    private func report(
        _ fields: String, returned: String = "", to: String, name: String = "Message-ID: <r1@mx.example>\n",
        identity: MailIdentity = MailSamples.identity
    ) -> [InboundEvent] {
        let text = """
            From: MAILER-DAEMON@mx.example
            To: \(to)
            \(name)Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b

            It failed.
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example

            \(fields)
            --b
            Content-Type: text/rfc822-headers

            Subject: x
            \(returned)
            --b--

            """
        let envelope = MailEnvelope(sender: "", recipients: [to])
        return MailInterpreter(identity: identity).events(MailSamples.bytes(text), envelope: envelope)
    }

    @Test(
        "what became of a message is told by the action",
        arguments: [
            ("failed", "5.1.1", InteractionKind.deliveryBounced, DeliveryReport.Outcome.bounced, true),
            ("failed", "5.1.10", .deliveryBounced, .bounced, true),
            ("failed", "5.2.2", .deliveryBounced, .bounced, false),
            ("failed", "5.7.1", .deliveryBounced, .bounced, false),
            ("failed", "4.4.7", .deliveryBounced, .bounced, false),
            ("delayed", "4.2.2", .deliveryDeferred, .deferred, false),
            ("delayed", "5.1.1", .deliveryDeferred, .deferred, false),
            ("Delivered", "2.0.0", .deliveryDelivered, .delivered, false),
            ("expanded", "2.0.0", .deliveryDelivered, .delivered, false),
            ("relayed", "2.0.0", .deliveryAccepted, .accepted, false), ("pondered", "x", .unknown, .unknown, false),
        ])
    func actions(action: String, code: String, kind: InteractionKind, outcome: DeliveryReport.Outcome, isBad: Bool)
        throws
    {
        let fields = "Final-Recipient: rfc822; ana@example.com\nAction: \(action)\nStatus: \(code)"
        let events = report(fields, to: returnPath)
        let event = try #require(events.first)
        #expect(events.count == 1 && event.kind == kind && event.dispatch == dispatch)
        #expect(event.delivery?.outcome == outcome && event.delivery?.addressIsBad == isBad)
        #expect(event.delivery?.code == (code == "x" ? nil : code) && event.text == nil && event.requests.isEmpty)
    }

    @Test(
        "a bounce finds its dispatch by the returned Message-ID when the return path was lost, and not by a forged one")
    func returnedMessageID() {
        let fields = "Final-Recipient: rfc822; ana@example.com\nAction: failed\nStatus: 5.1.1"
        #expect(
            report(fields, returned: "Message-ID: \(messageID)", to: "desk@hub.example").map(\.dispatch) == [dispatch])
        #expect(
            report(fields, returned: "Message-ID: <\(MailSamples.token.dropLast())0@hub.example>", to: "x@y").map(
                \.dispatch) == [nil])
    }

    @Test("a report is proven by the return path or the unsubscribe mailbox, and not by a Message-ID that others saw")
    func proof() throws {
        let fields = "Final-Recipient: rfc822; ana@example.com\nAction: failed\nStatus: 5.1.1"
        let name = "Message-ID: \(messageID)"
        let path = MailSamples.identity.names(of: MailSamples.dispatch, route: 1).returnPath
        let leaving = try #require(MailSamples.identity.names(of: MailSamples.dispatch, route: 1).unsubscribeMailbox)
        #expect(report(fields, to: path.replacing("d42.1-", with: "d42.0-")).map(\.dispatch) == [nil])
        for (returned, to, isProven, route) in [
            (name, returnPath, true, nil), (name, path, true, 1), (name, "desk@hub.example", false, nil),
            (name, "bounce+\(MailSamples.token)@hub.example", false, nil),
            ("\(name)\nReturn-Path: <\(path)>", "desk@hub.example", true, 1),
            ("\(name)\nReturn-Path: <bounce+\(MailSamples.token)@hub.example>", "desk@hub.example", false, nil),
            ("List-Unsubscribe: <https://hub.example/u/x>, <mailto:\(leaving)>", "desk@hub.example", true, 1),
        ] as [(String, String, Bool, Int?)] {
            let event = try #require(report(fields, returned: returned, to: to).first)
            #expect(event.dispatch == dispatch && event.delivery?.isProven == isProven, "\(returned), \(to)")
            #expect(event.route == route, "\(returned), \(to)")
            #expect(event.attributes["known-by"] == (isProven ? nil : "message-id"))
        }
        // Where mails have no return path of their own the Message-ID is all there is.
        let plain = MailIdentity(domain: "hub.example", returnPath: "", tokens: MailSamples.tokens)
        let event = try #require(report(fields, returned: name, to: "desk@hub.example", identity: plain).first)
        #expect(event.dispatch == dispatch && event.delivery?.isProven == true)
    }

    @Test("a bounce is about what it names itself, and not about what the mail around it answers")
    func answeredByReport() {
        let fields = "Final-Recipient: rfc822; ana@example.com\nAction: failed\nStatus: 5.1.1"
        for name in ["In-Reply-To: \(messageID)\n", "References: \(messageID)\n"] {
            #expect(report(fields, to: "desk@hub.example", name: name).map(\.dispatch) == [nil])
        }
    }

    @Test(
        "a report counts in a mail that is one or that a server sent, and not where a person attaches it",
        arguments: ["delivery-status", "feedback-report", "disposition-notification"])
    func attachedReport(type: String) throws {
        let fields = """
            Reporting-MTA: dns; mx.example
            Feedback-Type: abuse
            Original-Rcpt-To: ana@example.com
            Disposition: automatic-action/MDN-sent-automatically; displayed

            Final-Recipient: rfc822; ana@example.com
            Action: failed
            Status: 5.1.1

            """
        let body = "--b\n\nWhat is this?\n--b\nContent-Type: message/\(type)\n\n\(fields)\n--b--\n"
        let header = "In-Reply-To: \(messageID)\nContent-Type: multipart"
        let message = try event(header + "/mixed; boundary=b\n", body: body)
        #expect(message.kind == .messageReceived && message.dispatch == dispatch && message.delivery == nil)
        #expect(message.text?.contains("What is this?") == true)
        #expect(message.customerAddresses == [RawAddress(.mailto, "ana@example.com")])
        let reports = [
            try event(header + "/mixed; boundary=b\n", body: body, sender: ""),
            try event(header + "/report; boundary=b\n", body: body),
            try event("Content-Type: message/\(type)\n", body: fields),
        ]
        let kinds: [String: InteractionKind] = [
            "delivery-status": .deliveryBounced, "feedback-report": .complaintReceived,
            "disposition-notification": .messageRead,
        ]
        let kind = try #require(kinds[type])
        #expect(reports.allSatisfy { $0.kind == kind && $0.dispatch == nil })
    }

    private func feedback(_ type: String, returned: String, fields: String = "X-Other: 1") throws -> InboundEvent {
        let body = """
            --b
            Content-Type: message/feedback-report

            Feedback-Type: \(type)
            Original-Rcpt-To: ana@example.com
            \(fields)

            --b
            Content-Type: text/rfc822-headers

            Subject: x
            \(returned)

            --b--

            """
        return try event("Content-Type: multipart/report; boundary=b\n", body: body)
    }

    @Test("a wish to leave in a feedback report is a machine's word, and none without a token of ours")
    func reportedWish() throws {
        let optOut = CustomerRequest.optOut(topic: nil, channel: .email, method: "feedback-report")
        for (name, requests) in [(messageID, [optOut]), ("<1@hub.example>", [])] {
            let event = try feedback("opt-out", returned: "Message-ID: \(name)")
            #expect(event.kind == .messageAutoReply && event.isReported && event.requests == requests)
        }
    }

    @Test("a complaint is proven by what only the recipient's server has seen, and else a wish to leave at most")
    func complaintProof() throws {
        let optOut = CustomerRequest.optOut(topic: nil, channel: .email, method: "feedback-report")
        let leaving = try #require(MailSamples.identity.names(of: MailSamples.dispatch).unsubscribeMailbox)
        for (returned, isProven) in [
            ("Message-ID: \(messageID)", false), ("List-Unsubscribe: <mailto:\(leaving)>", true),
            ("Return-Path: <\(returnPath)>", true),
        ] {
            let event = try feedback("abuse", returned: returned)
            #expect(event.kind == .complaintReceived && event.dispatch == dispatch)
            #expect(event.delivery?.isProven == isProven && event.isReported == !isProven)
            #expect(event.requests == (isProven ? [] : [optOut]))
        }
        let told = try feedback(
            "abuse", returned: "Message-ID: \(messageID)", fields: "Original-Mail-From: <\(returnPath)>")
        #expect(told.delivery?.isProven == true && told.requests.isEmpty)
        let second = MailSamples.identity.names(of: MailSamples.dispatch, route: 1).returnPath
        #expect(try feedback("abuse", returned: "Return-Path: <\(second)>").route == 1)
        let unknown = try feedback("abuse", returned: "Message-ID: <1@hub.example>")
        #expect(unknown.dispatch == nil && unknown.requests.isEmpty && unknown.delivery?.outcome == .complained)
    }

    @Test("a bounce of a forwarded message is about ours, and keeps whom we wrote to beside whom it did not reach")
    func forwarded() throws {
        let fields = """
            Original-Recipient: rfc822; ana@example.com
            Final-Recipient: rfc822; ana@elsewhere.example
            Action: failed
            Status: 5.1.1
            """
        let event = try #require(report(fields, to: returnPath).first)
        #expect(event.dispatch == dispatch && event.delivery?.addressIsBad == true)
        #expect(event.customerAddresses == [RawAddress(.mailto, "ana@elsewhere.example")])
        #expect(event.attributes["original-recipient"] == "ana@example.com")
    }

    @Test("a report without a Message-ID keeps its bytes once, and is known again by them for each recipient")
    func namelessReport() {
        let fields = (1...2).map { "Final-Recipient: rfc822; r\($0)@example.com\nAction: failed\nStatus: 5.1.1\n" }
            .joined(separator: "\n")
        let events = report(fields, to: returnPath, name: "")
        let ids = Set(events.compactMap(\.sourceID))
        #expect(ids.count == 2 && events.map { $0.payload != nil } == [true, false])
        #expect(report(fields, to: returnPath, name: "").map(\.sourceID) == events.map(\.sourceID))
        let other = report(fields, to: returnPath, name: "Date: Sat, 28 Mar 2026 23:30:00 +0100\n")
        #expect(ids.isDisjoint(with: other.compactMap(\.sourceID)))
        // What one event tells is known by its payload, as any mail without a name.
        let one = report("Final-Recipient: rfc822; r1@example.com\nAction: failed", to: returnPath, name: "")
        #expect(one.map(\.sourceID) == [nil] && one.map { $0.payload != nil } == [true])
    }

    @Test("each recipient of a report is an event of its own, and the bytes are kept once")
    func recipients() {
        let fields = (1...3).map { "Final-Recipient: rfc822; r\($0)@example.com\nAction: failed\nStatus: 5.1.1\n" }
            .joined(separator: "\n")
        let events = report(fields, to: returnPath)
        #expect(
            events.map { $0.customerAddresses.map(\.text) } == [
                ["r1@example.com"], ["r2@example.com"], ["r3@example.com"],
            ])
        #expect(Set(events.map(\.sourceID)).count == 3 && events.map { $0.payload != nil } == [true, false, false])
    }

    @Test("a qmail bounce to our return path is one, and a person quoting it is not")
    func qmail() throws {
        let notice = """
            Hi. This is the qmail-send program at mx.example.
            I'm afraid I wasn't able to deliver your message to the following addresses.

            <ana@example.com>:
            192.0.2.1 does not like recipient.
            Remote host said: 550 5.1.1 no such user

            --- Below this line is a copy of the message.

            Message-ID: \(messageID)
            """
        let bounce = try event("Subject: failure notice\n", body: notice, to: ["desk@hub.example"], sender: "")
        #expect(bounce.kind == .deliveryBounced && bounce.dispatch == dispatch && bounce.delivery?.addressIsBad == true)
        #expect(try event("Subject: what is this?\n", body: notice).kind == .messageReceived)
    }

    @Test(
        "what is no mail is kept as it is",
        arguments: ["", "\n\n", "garbage", "{\"json\": true}", "\u{0}\u{1}", "no colon here\nnor here\n"])
    func unparsed(text: String) {
        let bytes = MailSamples.bytes(text)
        let events = interpreter.events(
            bytes, envelope: MailEnvelope(sender: "ana@example.com", recipients: ["desk@hub.example"]))
        #expect(events.map(\.kind) == [.unparsed] && events[0].payload?.bytes == bytes && events[0].sourceID == nil)
        #expect(events[0].customerAddresses == [RawAddress(.mailto, "ana@example.com")])
    }

    @Test(
        "what is new in an answer is told from what is quoted",
        arguments: [
            ("Yes please\n\nOn Mon, 1 Jan 2026, Bob <b@c> wrote:\n> Do you?\n", "Yes please"),
            ("Yes\n\nOn Mon, 1 Jan 2026 at 10:00, Bob Somebody\n<b@c.example> wrote:\n> Do you?\n", "Yes"),
            ("> Do you?\nYes\n> And you?\nNo\n", "Yes\nNo"), ("好的\n\n在 2026年1月1日，张伟写道：\n> 你好\n", "好的"),
            ("ok\n-----Original Message-----\nFrom: b\n", "ok"), ("ok\n\n发件人: 张\n发送时间: 今天\n主题: x\n", "ok"),
            ("ok\n-- \nAna\nCEO\n", "ok"), ("ok\n________________________________\nFrom: b\n", "ok"),
            ("> only quoted\n", ""), ("\n\n", ""),
            ("On the other hand, no.\nBye\n", "On the other hand, no.\nBye"),
            ("From: me\nto you\n", "From: me\nto you"), ("", ""),
            ("Am 5. Januar schrieb ich Ihnen:\nBitte\n", "Am 5. Januar schrieb ich Ihnen:\nBitte"),
            ("Am Ende: nein\nAm 5.1. um 10:12 schrieb A:\n> x\n", "Am Ende: nein"),
            ("On reflection, no\nOn Mon, Bob wrote:\n> x\n", "On reflection, no"),
            ("see <x>\nB <b@c.example> 于2026年1月5日周一 10:12写道：\n> x\n", "see <x>"),
            ("> B <b@c.example> 于2026年1月5日周一 10:12写道：\n>> x\nyes\n", "yes"),
            ("At last he wrote:\nyes\n", "At last he wrote:\nyes"),
            ("Il mio capo ha detto\u{A0}: no\nsì\n", "Il mio capo ha detto\u{A0}: no\nsì"),
            ("10:12 is fine:\nyes\n", "10:12 is fine:\nyes"), ("5 янв. он пишет:\nда\n", "5 янв. он пишет:\nда"),
            ("Он пишет:\n10:30 хорошо\n", "Он пишет:\n10:30 хорошо"),
            ("Жду в 10:30\n05.01.2026 10:12, A пишет:\n> x\n", "Жду в 10:30"),
        ])
    func quotedHistory(text: String, new: String) {
        #expect(QuotedHistory.newText(of: text) == new)
    }
}
