/// How much of a mail is looked at, whatever its author intended. What lies beyond is in the payload only.
package struct MailLimits: Hashable, Sendable {
    /// Longer mails are not parsed at all.
    package var bytes = 64 << 20
    /// Levels of parts inside parts.
    package var depth = 20
    /// Parts that are read; also the attachments that are listed.
    package var parts = 500
    /// Lines that could be boundaries, and lines of headers, before the rest of the mail is cut off.
    package var structureLines = 20_000
    /// Fields of addresses (`To`, `Resent-From`) in one header before the rest of the mail is cut off: to read them may
    /// take the square of their number, and senders need one of a kind (RFC 5322, section 3.6).
    package var addressFields = 100
    /// Header fields that are read of one message.
    package var fields = 500
    /// Of one field, before it is decoded.
    package var fieldBytes = 64 << 10
    /// Mailboxes that are read of one field.
    package var mailboxes = 200
    /// Recipients of one report that become events of their own. What it says of more is in the payload only, which the
    /// first of these events has.
    package var reportRecipients = 200
    /// Of the text, in UTF-8.
    package var textBytes = 1 << 20

    package init() {}
}
