/// Reads the fields of a delivery status report (RFC 3464), whatever has become of the empty lines between groups.
enum DeliveryStatusReader {
    /// - Parameter limit: of recipients; the report is not read beyond them.
    static func notices(_ report: MailReport, limit: Int) -> [DeliveryNotice] {
        var notices: [DeliveryNotice] = []
        for group in report.groups {
            var fields: [MailField] = []
            for field in group {
                // A second recipient in one group: the writer forgot the empty line.
                if field.name == "final-recipient", fields.first("final-recipient") != nil {
                    notice(fields).map { notices.append($0) }
                    if notices.count >= limit { return notices }
                    fields = []
                }
                fields.append(field)
            }
            notice(fields).map { notices.append($0) }
            if notices.count >= limit { break }
        }
        return notices
    }

    private static func notice(_ fields: [MailField]) -> DeliveryNotice? {
        let original = fields.first("original-recipient").map(address)
        guard let final = fields.first("final-recipient").map(address) ?? original, !final.isEmpty else { return nil }
        let diagnostic = fields.all("diagnostic-code").map(withoutType).joined(separator: " ")
        let status = fields.first("status").flatMap { FailureCodes.first(in: $0) }
        return DeliveryNotice(
            recipient: final, original: original == final ? nil : original,
            action: action(fields.first("action"), status: status), code: best(status, diagnostic: diagnostic),
            diagnostic: diagnostic.isEmpty ? nil : String(diagnostic.prefix(1000)))
    }

    /// Servers that know no better write `5.0.0` and leave the true code to the diagnostic text.
    private static func best(_ status: String?, diagnostic: String) -> String? {
        guard status == nil || status?.hasSuffix(".0.0") == true, let inner = FailureCodes.first(in: diagnostic),
            status == nil || inner.first == status?.first
        else { return status }
        return inner
    }

    private static func action(_ word: String?, status: String?) -> DeliveryNotice.Action? {
        let name = word.map { $0.lowercased().prefix { $0.isLetter } }.map(String.init) ?? ""
        if let action = DeliveryNotice.Action(rawValue: name) { return action }
        switch status?.first {
        case "2": return .delivered
        case "4": return .delayed
        case "5": return .failed
        default: return nil
        }
    }

    /// `rfc822; ana@example.com` without its type, brackets and remarks.
    static func address(_ value: String) -> String {
        var text = withoutType(value)
        if let start = text.firstIndex(of: "<") {
            text = String(text[text.index(after: start)...].prefix { $0 != ">" })
        }
        return text.prefix { !$0.isWhitespace }.trimmingBlanks
    }

    private static func withoutType(_ value: String) -> String {
        guard let semicolon = value.firstIndex(of: ";") else { return value.trimmingBlanks }
        return value[value.index(after: semicolon)...].trimmingBlanks
    }
}
