/// What SMTP or LMTP said around a mail; a file has none.
package struct MailEnvelope: Hashable, Sendable {
    /// The reverse path without angle brackets; empty for `<>`, `nil` when unknown.
    package var sender: String?
    /// The forward paths without angle brackets.
    package var recipients: [String]

    package init(sender: String? = nil, recipients: [String] = []) {
        self.sender = sender
        self.recipients = recipients
    }
}
