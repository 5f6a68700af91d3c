/// A message as an MTA delivered it.
package struct LMTPMessage: Hashable, Sendable {
    /// The return path; empty for bounces and the like.
    package var mailFrom: String
    /// Those that were accepted, in order; at least one.
    package var recipients: [String]
    /// As it was sent, dot-stuffing undone; lines end with CRLF, save where the sender's don't.
    package var bytes: [UInt8]
    /// The other side's address; `nil` on a socket in the file system.
    package var peer: String?

    package init(mailFrom: String, recipients: [String], bytes: [UInt8], peer: String? = nil) {
        self.mailFrom = mailFrom
        self.recipients = recipients
        self.bytes = bytes
        self.peer = peer
    }
}

/// One line of answer with an enhanced status code (RFC 3463).
package struct LMTPReply: Hashable, Sendable {
    package var code: Int
    package var status: EnhancedStatus
    /// Printable ASCII; anything else is blanked out.
    package var text: String

    package init(_ code: Int, _ status: EnhancedStatus, _ text: String) {
        self.code = code
        self.status = status
        self.text = text
    }

    /// The message is ours now.
    package static let accepted = LMTPReply(250, EnhancedStatus(2, 0, 0), "delivered")
    /// Not now: the MTA keeps it and tries again.
    package static let tryLater = LMTPReply(451, EnhancedStatus(4, 3, 0), "try again later")
    package static let unknownRecipient = LMTPReply(550, EnhancedStatus(5, 1, 1), "no such recipient here")

    var line: [UInt8] {
        let text = text.utf8.prefix(400).map { 0x20..<0x7F ~= $0 ? $0 : UInt8(ascii: " ") }
        return Array("\(code) \(status) ".utf8) + text + [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }
}
