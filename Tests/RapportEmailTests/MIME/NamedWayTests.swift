import RapportChannels
import RapportCore
import RapportEmail
import Testing

@Suite("Which of a message's ways a mail names")
struct NamedWayTests {
    private let identity = MailSamples.identity
    private let dispatch = DispatchReference.dispatch(MailSamples.dispatch)

    /// What a mail of this header and body means that came to this mailbox.
    private func event(_ header: String = "", body: String = "Hello\n", to recipient: String) throws -> InboundEvent {
        let text = "From: Ana <ana@example.com>\nMessage-ID: <m1@example.com>\n\(header)\n\(body)"
        let events = MailInterpreter(identity: identity).events(
            MailSamples.bytes(text), envelope: MailEnvelope(sender: "ana@example.com", recipients: [recipient]))
        return try #require(events.first)
    }

    @Test("is told by the unsubscribe mailbox, where there were several", arguments: [nil, 0, 1] as [Int?])
    func leaving(route: Int?) throws {
        let mailbox = try #require(identity.names(of: MailSamples.dispatch, route: route).unsubscribeMailbox)
        let event = try event(to: mailbox)
        #expect(event.dispatch == dispatch && event.isDispatchTheirs && event.route == route)
        #expect(event.requests == [.optOut(topic: nil, channel: .email, method: "mail")])
    }

    @Test("is told by the return path that an answer came to, unless that is another message's")
    func answered() throws {
        let path = identity.names(of: MailSamples.dispatch, route: 1).returnPath
        let only = identity.names(of: MailSamples.dispatch).returnPath
        let other = identity.names(of: DispatchID(43), route: 1).returnPath
        let answer = "In-Reply-To: \(identity.names(of: MailSamples.dispatch).messageID)\n"
        for (header, mailbox, route) in [
            ("", path, 1), ("", only, nil), (answer, path, 1), (answer, other, nil),
        ] as [(String, String, Int?)] {
            let event = try event(header, to: mailbox)
            #expect(event.dispatch == dispatch && event.route == route, "\(header), \(mailbox)")
        }
    }

    @Test("is told by what a report of a wish to leave returns")
    func reported() throws {
        let path = identity.names(of: MailSamples.dispatch, route: 1).returnPath
        let leaving = try #require(identity.names(of: MailSamples.dispatch, route: 1).unsubscribeMailbox)
        let messageID = identity.names(of: MailSamples.dispatch).messageID
        for (returned, route) in [
            ("Return-Path: <\(path)>", 1), ("List-Unsubscribe: <mailto:\(leaving)>", 1),
            ("Message-ID: \(messageID)", nil),
        ] as [(String, Int?)] {
            let body = """
                --b
                Content-Type: message/feedback-report

                Feedback-Type: opt-out
                Original-Rcpt-To: ana@example.com

                --b
                Content-Type: text/rfc822-headers

                Subject: x
                \(returned)

                --b--

                """
            let header = "Content-Type: multipart/report; boundary=b\n"
            let event = try event(header, body: body, to: "desk@hub.example")
            #expect(event.dispatch == dispatch && event.isReported && event.route == route, "\(returned)")
        }
    }
}
