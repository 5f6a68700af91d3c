import RapportChannels
import RapportCore

extension MailInterpreter {
    /// A mail that somebody, or somebody's machine, wrote to us.
    func message(_ mail: ParsedMail) -> InboundEvent {
        let sign = AutomaticMail.sign(in: mail)
        var event = base(sign == nil ? .messageReceived : .messageAutoReply, mail)
        event.customerAddresses = author(mail).map { [RawAddress(.mailto, $0)] } ?? []
        event.text = mail.text
        event.threadKeys = mail.messageID.map { [$0] } ?? []
        event.answers = answers(mail)
        let answered = event.answers.lazy.compactMap { identity.dispatch(messageID: $0) }.first
        let returned = destinations(mail).lazy.compactMap { identity.sent(returnedTo: $0) }.first
        event.dispatch = (answered ?? returned?.dispatch).map { .dispatch($0) }
        // The return path of another message says nothing of the one that it answers.
        if answered == nil || answered == returned?.dispatch { event.route = returned?.route }
        let new = QuotedHistory.newText(of: mail.text ?? "")
        event.attributes = attributes(mail, new: new)
        event.attributes["automatic"] = sign
        addRequests(to: &event, mail, new: new, isAutomatic: sign != nil)
        return event
    }

    /// In-Reply-To first, then the references from the newest to the oldest.
    private func answers(_ mail: ParsedMail) -> [String] {
        var seen: Set<String> = []
        return (mail.inReplyTo + mail.references.reversed()).filter { seen.insert($0).inserted }
    }

    private func attributes(_ mail: ParsedMail, new: String) -> [String: String] {
        var attributes: [String: String] = [:]
        if let text = mail.text, !new.isEmpty, !Self.isNearlyAll(new, of: text) {
            attributes["reply"] = String(new.prefix(2000))
        }
        if !mail.attachments.isEmpty {
            attributes["attachments"] = mail.attachments.prefix(20).map { file in
                let size = file.size.map { ", \($0) bytes" } ?? ""
                return "\(file.name ?? "unnamed") (\(file.type)\(size))"
            }.joined(separator: "; ")
        }
        attributes["name"] = mail.from.first?.name.map { String($0.prefix(200)) }
        attributes["list-id"] = mail.field("list-id").map { String($0.prefix(200)) }
        if let replyTo = mail.replyTo.first?.address, replyTo.lowercased() != author(mail)?.lowercased() {
            attributes["reply-to"] = replyTo
        }
        return attributes
    }

    /// Whether a text has hardly more in it than this part, in one piece: a greeting mark, some blank lines.
    ///
    /// The part can begin at a few places only, so nothing has to be searched for in megabytes.
    private static func isNearlyAll(_ part: String, of text: String) -> Bool {
        let rest = text.utf8.count - part.utf8.count
        guard (0...20).contains(rest) else { return false }
        if rest == 0 { return text == part }
        let (text, part) = (Array(text.utf8), Array(part.utf8))
        return (0...rest).contains { text[$0..<$0 + part.count].elementsEqual(part) }
    }

    /// Unsubscribing by mail: to the mailbox of List-Unsubscribe (RFC 2369), or by a subject or text of one word.
    ///
    /// Mail programs send the first kind by themselves and mark it as automatic; a text counts only when a person wrote
    /// it, and not what it quotes.
    private func addRequests(to event: inout InboundEvent, _ mail: ParsedMail, new: String, isAutomatic: Bool) {
        let subscriptions = destinations(mail).map { identity.unsubscription(mailbox: $0) }.filter { $0.isOne }
        // The one with a message's token says whose wish it is, wherever it stands.
        let subscription = subscriptions.first { $0.sent != nil } ?? subscriptions.first
        if let sent = subscription?.sent {
            event.dispatch = .dispatch(sent.dispatch)
            event.route = sent.route
        }
        event.isDispatchTheirs = subscription?.sent != nil
        if subscription != nil || UnsubscribeWord.isAll(of: mail.subject ?? "")
            || !isAutomatic && UnsubscribeWord.isAll(of: new)
        {
            event.requests = [.optOut(topic: nil, channel: .email, method: "mail")]
            // Under a subject of one word somebody may have written down something else that waits for an answer.
            if !isAutomatic, subscription == nil, !new.allSatisfy(\.isWhitespace), !UnsubscribeWord.isAll(of: new) {
                let line = new.prefix(400).split(whereSeparator: \.isWhitespace).joined(separator: " ")
                event.requests.append(.followUp(kind: "message", summary: String(line.prefix(120))))
            }
        } else if !isAutomatic, new.utf8.count <= 600, KeywordReader.standard.request(in: new) == .probableStop {
            event.requests = [.probableStop]
        }
    }
}

/// The words that unsubscribe when nothing else stands in the subject or the text of a mail.
///
/// Fewer than a text message has: CANCEL and END may be about an order.
enum UnsubscribeWord {
    private static let words = Set(
        [
            "unsubscribe", "unsubscribe me", "please unsubscribe", "please unsubscribe me", "unsub", "opt out", "stop",
            "remove me", "退订", "退訂", "取消订阅", "取消訂閱", "请退订", "配信停止", "désabonner", "désinscription", "abmelden",
            "abbestellen", "darse de baja", "отписаться",
        ].map { FoldedText($0).joined })

    static func isAll(of text: String) -> Bool {
        text.utf8.count <= 200 && words.contains(FoldedText(text).joined)
    }
}
