/// Reads bounces that are written for people only: qmail, Exim, Domino, Gmail and others.
///
/// It looks for the sentences that open such a notice, then for addresses at the places where programs put them. A mail
/// without such a sentence is never taken for a bounce, whoever it is from.
struct FailureText {
    /// What the notice says, up to the copy of our message.
    let notice: String
    /// The header of the copy below it, when there is one.
    let returned: [MailField]
    /// What the notice as a whole says; asked for every recipient, so it is found out once.
    private let whole: Reason
    private let isDelay: Bool

    /// Notices for people are short; what follows is our own message, of which the header is enough.
    private static let textBytes = 64 << 10

    /// The reason that some words give.
    private struct Reason {
        let code: String?
        let reply: String?
        let isUnknownAddress: Bool
        let isFullMailbox: Bool

        init(_ words: String) {
            code = FailureCodes.first(in: words)
            reply = FailureCodes.reply(in: words)
            isUnknownAddress = DeliveryWords.nameUnknownAddress(words)
            isFullMailbox = DeliveryWords.nameFullMailbox(words)
        }

        var isGiven: Bool { code != nil || reply != nil || isUnknownAddress || isFullMailbox }
    }

    /// - Parameter subject: some programs name the matter there only, and write the rest in the reader's language.
    init?(_ text: String, subject: String) {
        let text = String(decoding: text.utf8.prefix(Self.textBytes), as: UTF8.self)
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let cut = lines.firstIndex { line in
            let bare = line.lowercased()
            return Self.copyMarks.contains { bare.contains($0) }
        }
        notice = lines[..<(cut ?? lines.count)].prefix(400).joined(separator: "\n")
        let below = cut.map { lines[($0 + 1)...].joined(separator: "\n") } ?? ""
        returned =
            FieldLines.groups(below, limit: 200).first { $0.first("message-id") != nil || $0.first("to") != nil } ?? []
        let lower = (subject + "\n" + notice).lowercased()
        guard Self.sentences.contains(where: { lower.contains($0) }) else { return nil }
        let lowerNotice = notice.lowercased()
        isDelay = Self.delays.contains { lowerNotice.contains($0) }
        whole = Reason(notice)
    }

    /// - Parameters:
    ///   - known: recipients that the header names (`X-Failed-Recipients`).
    ///   - own: mailboxes that the bounce came to, which are never the ones that failed.
    ///   - limit: of recipients; what the notice says of more belongs to none of them.
    func notices(known: [String], own: [String], limit: Int) -> [DeliveryNotice] {
        if let fields = statusFields(limit: limit) { return fields }
        var recipients = Array(known.prefix(limit))
        var words: [String: String] = [:]
        var current: String?
        let own = Set(own.map { $0.lowercased() })
        var keys = Set(recipients.map { $0.lowercased() })
        for line in notice.split(whereSeparator: \.isNewline) {
            if let address = Self.address(in: line) {
                let key = address.lowercased()
                let isNew = known.isEmpty && recipients.count < limit && !own.contains(key)
                if isNew, keys.insert(key).inserted { recipients.append(address) }
                if keys.contains(key) {
                    current = key
                } else if recipients.count >= limit {
                    current = nil
                }
            }
            if let current { words[current, default: ""] += " " + line.trimmingBlanks }
        }
        if recipients.isEmpty, let to = returned.first("to") { recipients = [DeliveryStatusReader.address(to)] }
        return recipients.filter { $0.contains("@") }.map { make($0, words: words[$0.lowercased()] ?? "") }
    }

    private func make(_ recipient: String, words: String) -> DeliveryNotice {
        let own = Reason(words)
        let reason = own.isGiven ? own : whole
        var code = reason.code
        if code == nil, reason.isFullMailbox { code = isDelay ? "4.2.2" : "5.2.2" }
        if code == nil, reason.isUnknownAddress { code = "5.1.1" }
        return DeliveryNotice(
            recipient: recipient, action: isDelay ? .delayed : .failed, code: code ?? reason.reply,
            diagnostic: String((own.isGiven ? words : notice).trimmingBlanks.prefix(1000)))
    }

    /// The fields of a report that stand in the text itself (Amazon WorkMail).
    private func statusFields(limit: Int) -> [DeliveryNotice]? {
        guard notice.lowercased().contains("\nfinal-recipient:") else { return nil }
        let report = MailReport(kind: .deliveryStatus, groups: FieldLines.groups(notice, limit: 500))
        let notices = DeliveryStatusReader.notices(report, limit: limit)
        return notices.isEmpty ? nil : notices
    }

    /// The address that a line is about: it begins the line, perhaps behind a reply code or a sentence's end.
    private static func address(in line: Substring) -> String? {
        let bare = line.trimmingBlanks
        for lead in leads where bare.lowercased().hasPrefix(lead) {
            return firstAddress(bare.dropFirst(lead.count))
        }
        let head = bare.prefix { !$0.isWhitespace }
        // `Message-ID:<…@…>` begins with no address.
        if let at = head.firstIndex(of: "@"), !head[..<at].contains(":") { return firstAddress(head) }
        if FailureCodes.reply(in: String(head)) != nil, bare.contains("...") { return firstAddress(bare[...]) }
        return nil
    }

    private static func firstAddress(_ text: Substring) -> String? {
        let words = text.split { $0.isWhitespace || "<>:;,\"()[]".contains($0) }
        return words.first { word in
            let parts = word.split(separator: "@", omittingEmptySubsequences: false)
            return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".")
        }.map { String($0.reversed().drop { $0 == "." }.reversed()) }
    }

    private static let leads = ["could not be delivered to:", "was not delivered to:", "recipient:", "to:"]

    private static let copyMarks = [
        "this is a copy of the message", "below this line is a copy", "----- original message -----",
        "----- unsent message follows", "below is a copy of the original message", "----- returned message",
        "------- returned message", "----- message header follows", "--- returned message", "original message follows",
        "- original message headers -", "this is a copy of your message",
    ]

    private static let sentences = [
        "could not be delivered", "wasn't able to deliver", "was not delivered", "undeliverable", "failed permanently",
        "delivery failed", "delivery has failed", "delivery to the following recipient", "unable to deliver",
        "failure reasons", "transcript of session follows", "error has occurred while attempting to deliver",
        "error occurred while trying to deliver", "returned message", "has been delayed", "couldn't be delivered",
        "wasn't delivered", "could not deliver", "couldn't deliver", "not been delivered", "delivery status",
        "送信できませんでした", "退信", "无法投递", "не может быть доставлено", "a problem occurred while delivering",
    ]

    private static let delays = [
        "will be retried", "has not yet been delivered", "has been delayed", "will keep trying",
    ]
}
