import RapportChannels
import RapportCore
import RapportEmail
import Testing

/// What the tests of mail share: one identity, one message to vary.
enum MailSamples {
    static let tokens = DispatchTokens(secret: Secret("a secret for tests"))
    static let dispatch = DispatchID(42)
    static let identity = MailIdentity(
        domain: "hub.example", returnPath: "bounce@hub.example", unsubscribeMailbox: "unsubscribe@hub.example",
        tokens: tokens)
    static let token = tokens.tokens(of: dispatch)[.delivery]

    static func composer(_ sender: MailSender = MailSender(from: "Rapport <news@hub.example>")) throws -> MailComposer {
        try MailComposer(identity: identity, sender: sender)
    }

    static func message(
        subject: String = "Hello", text: String = "Hello,\n\nhow are you?\n", html: String? = nil,
        attachments: [EmailContent.Attachment] = [], to: String = "ana@example.com", toName: String? = nil,
        change: (inout OutboundMessage) -> Void = { _ in }
    ) throws -> OutboundMessage {
        let address = try #require(Address(normalized: "mailto:\(to.lowercased())", deliverable: "mailto:\(to)"))
        var message = OutboundMessage(
            dispatch: dispatch, customer: CustomerID(7), channel: .email, messageClass: .marketing, topic: "news",
            to: address, toName: toName,
            content: .email(EmailContent(subject: subject, text: text, html: html, attachments: attachments)),
            createdAt: Timestamp(seconds: 1_774_737_000))
        change(&message)
        return message
    }

    /// What the composed mail says once it is read again.
    static func parsed(_ mail: ComposedMail) throws -> ParsedMail {
        try #require(MailParser().parse(mail.bytes))
    }

    /// The lines of the header block, unfolded.
    static func headerLines(_ bytes: [UInt8]) -> [String] {
        let text = String(decoding: bytes, as: UTF8.self)
        let block = text.components(before: "\r\n\r\n").replacing("\r\n ", with: " ")
        return block.split(separator: "\r\n").map(String.init)
    }

    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}

extension String {
    func components(before mark: String) -> String {
        range(of: mark).map { String(self[..<$0.lowerBound]) } ?? self
    }

    private func range(of mark: String) -> Range<Index>? { firstRange(of: mark) }
}
