package import RapportChannels
import RapportCore

/// Makes the bytes of a mail from a rendered message (RFC 5322, RFC 2045 to 2047, RFC 2231, RFC 8058, RFC 3834).
///
/// Pure: the same message gives the same bytes. Everything is written in ASCII, so that any server carries it, unless an
/// address itself needs SMTPUTF8. GMime encodes; the frame around it is written straight into the result, because
/// building and tearing down a tree of GMime objects for each recipient costs more than all the rest.
package struct MailComposer: Sendable {
    private let identity: MailIdentity
    private let from: HeaderMailbox
    private let replyTo: HeaderMailbox?
    private let listID: String?

    /// - Throws: `.configuration` when a configured mailbox can't stand in a header.
    package init(identity: MailIdentity, sender: MailSender) throws(SendError) {
        GMimeLibrary.start()
        let mailboxes = [identity.returnPath, identity.unsubscribeMailbox].compactMap { $0 }
        guard let from = HeaderMailbox(parsing: sender.from),
            mailboxes.allSatisfy({ HeaderMailbox(address: $0) != nil }),
            Self.isToken(identity.domain), sender.listID.map(Self.isToken) ?? true
        else { throw SendError(.configuration) }
        self.identity = identity
        self.from = from
        self.listID = sender.listID
        if let text = sender.replyTo {
            guard let mailbox = HeaderMailbox(parsing: text) else { throw SendError(.configuration) }
            replyTo = mailbox
        } else {
            replyTo = nil
        }
    }

    /// Composes one mail.
    ///
    /// Line breaks and other control characters become spaces in names and in the subject; an address, link or
    /// Message-ID that holds one is refused.
    /// - Throws: `.unsupported` for content that is no mail or has a bad link or sender, `.badAddress` for a recipient
    ///   that can't stand in a header.
    package func compose(_ message: OutboundMessage) throws(SendError) -> ComposedMail {
        guard case .email(let content) = message.content else { throw SendError(.unsupported) }
        guard message.to.scheme == .mailto,
            let recipient = HeaderMailbox(address: message.to.deliverable, name: message.toName)
        else { throw SendError(.badAddress) }
        let from = try Self.mailbox(content.from) ?? from
        let replyTo = try Self.mailbox(content.replyTo) ?? replyTo
        let names = identity.names(of: message.dispatch, route: message.route)

        var header = HeaderBlock(contentSize: Self.size(content))
        header.add("From", from.text)
        header.add("To", recipient.text)
        if let replyTo { header.add("Reply-To", replyTo.text) }
        header.add("Subject", text: content.subject)
        header.add("Date", message.createdAt.headerDate(.mail))
        header.add("Message-ID", names.messageID)
        Self.addThread(message.thread, to: &header)
        if let listID { header.add("List-Id", "<\(listID)>") }
        try addUnsubscribe(message, mailbox: names.unsubscribeMailbox, to: &header)
        if let word = Self.autoSubmitted(message) { header.add("Auto-Submitted", word) }
        header.add("MIME-Version", "1.0")

        var body = BodyWriter(header: header, boundaryStem: message.dispatch.description)
        body.write(content)
        let needsUTF8 = [from, recipient, replyTo].contains { $0?.needsUTF8 ?? false }
        return ComposedMail(
            bytes: body.bytes, mailFrom: names.returnPath, recipient: recipient.address, needs8Bit: needsUTF8,
            needsUTF8: needsUTF8)
    }

    private static func mailbox(_ text: String?) throws(SendError) -> HeaderMailbox? {
        guard let text else { return nil }
        guard let mailbox = HeaderMailbox(parsing: text) else { throw SendError(.unsupported) }
        return mailbox
    }

    /// RFC 5322, section 3.6.4. Names that aren't Message-IDs are left out; of a long thread the ends are kept.
    private static func addThread(_ thread: [String], to header: inout HeaderBlock) {
        let names = thread.filter(isMessageID).map { $0.hasPrefix("<") ? $0 : "<\($0)>" }
        guard let last = names.last else { return }
        header.add("In-Reply-To", last)
        let kept = names.count > 20 ? names.prefix(1) + names.suffix(19) : names[...]
        header.add("References", kept.joined(separator: " "))
    }

    private func addUnsubscribe(
        _ message: OutboundMessage, mailbox: String?, to header: inout HeaderBlock
    ) throws(SendError) {
        guard let url = message.unsubscribeURL else { return }
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), url.utf8.count <= 800, Self.isToken(url) else {
            throw SendError(.unsupported)
        }
        let mailto = mailbox.map { ", <mailto:\($0)>" } ?? ""
        header.add("List-Unsubscribe", "<\(url)>\(mailto)")
        // One click is for https only (RFC 8058, section 3.1).
        if url.hasPrefix("https://") { header.add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") }
    }

    /// RFC 3834, section 5: what a machine writes says so; what a person wrote or what continues an exchange does not.
    private static func autoSubmitted(_ message: OutboundMessage) -> String? {
        if message.isAutomaticReply { return "auto-replied" }
        return message.thread.isEmpty && !message.isPersonal ? "auto-generated" : nil
    }

    private static func isMessageID(_ text: String) -> Bool {
        let bare = text.hasPrefix("<") && text.hasSuffix(">") ? text.dropFirst().dropLast() : text[...]
        return (3...250).contains(bare.utf8.count) && bare.contains("@") && isToken(bare)
    }

    /// Visible ASCII without angle brackets: what may stand between them.
    private static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3C && $0 != 0x3E }
    }

    private static func size(_ content: EmailContent) -> Int {
        content.text.utf8.count + (content.html?.utf8.count ?? 0)
            + content.attachments.reduce(0) { $0 + $1.bytes.count }
    }
}
