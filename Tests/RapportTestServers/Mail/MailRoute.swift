/// What a `PostfixServer` does with the mail of a domain, or of one address.
package enum MailRoute: Sendable {
    /// Delivers into a Maildir, whatever the local part.
    case mailbox
    /// Hands over to an LMTP server on a port of 127.0.0.1.
    case lmtp(port: Int)
    /// Hands over to an SMTP server on a port of 127.0.0.1.
    case smtp(port: Int)
    /// Refuses at RCPT TO with this reply, such as `550 5.1.1 No such mailbox`.
    case refuse(String)
    /// Accepts, and is then refused with this reply by the server the mail is for: a DSN goes to the return path.
    ///
    /// A `4xx` reply is tried again every other second.
    case refuseLater(String)
}
