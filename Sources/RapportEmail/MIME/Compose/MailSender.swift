/// Who our mails are from, as configured for an adapter.
package struct MailSender: Hashable, Sendable {
    /// `Rapport <news@example.com>`: one mailbox, with or without a name.
    package var from: String
    package var replyTo: String?
    /// RFC 2919, such as `news.example.com`; `nil`: no List-Id.
    package var listID: String?

    package init(from: String, replyTo: String? = nil, listID: String? = nil) {
        self.from = from
        self.replyTo = replyTo
        self.listID = listID
    }
}
