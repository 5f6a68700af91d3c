/// A mail as it goes over the wire, and what the envelope needs to know of it.
package struct ComposedMail: Hashable, Sendable {
    /// The message (RFC 5322), every line ended by CRLF, not dot-stuffed.
    package var bytes: [UInt8]
    /// The reverse path, without angle brackets.
    package var mailFrom: String
    /// The forward path, without angle brackets.
    package var recipient: String
    /// Whether the server must offer 8BITMIME (RFC 6152).
    package var needs8Bit: Bool
    /// Whether the server must offer SMTPUTF8 (RFC 6531): an address has letters outside ASCII before its `@`.
    package var needsUTF8: Bool

    package init(bytes: [UInt8], mailFrom: String, recipient: String, needs8Bit: Bool, needsUTF8: Bool) {
        self.bytes = bytes
        self.mailFrom = mailFrom
        self.recipient = recipient
        self.needs8Bit = needs8Bit
        self.needsUTF8 = needsUTF8
    }
}
