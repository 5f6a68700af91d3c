/// One message as it goes over the wire, with the addresses that it goes from and to.
package struct SMTPEnvelope: Hashable, Sendable {
    /// The return path; empty for messages that must not be bounced.
    package var mailFrom: String
    /// At least one. They share one fate: the message goes to all of them or to none.
    package var recipients: [String]
    /// The whole message, each line ended by CRLF. It is not dot-stuffed yet.
    package var message: [UInt8]
    /// Whether the message has bytes above 127 (RFC 6152). Also assumed when it turns out to have some.
    package var needs8bit: Bool
    /// Whether header fields hold UTF-8 (RFC 6531). Also assumed when an address isn't ASCII.
    package var needsUTF8: Bool

    package init(
        mailFrom: String, recipients: [String], message: [UInt8], needs8bit: Bool = false, needsUTF8: Bool = false
    ) {
        self.mailFrom = mailFrom
        self.recipients = recipients
        self.message = message
        self.needs8bit = needs8bit
        self.needsUTF8 = needsUTF8
    }
}
