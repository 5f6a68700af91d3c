import RapportCore
import RapportLog

/// A dispatch in words and as JSON.
enum MessageText {
    static func lines(_ row: DispatchRow) -> [String] {
        var facts = Labelled()
        facts.add("state", row.state.spoken)
        facts.add("rule", row.rule)
        facts.add("evidence", row.evidence.joined(separator: ", "))
        facts.add("said", row.detail)
        facts.add("customer", row.customer.description)
        facts.add("campaign", row.campaign?.description)
        facts.add("goes", "by \(row.channel.rawValue) over \(row.adapter) to \(row.address.deliverable)")
        facts.add("class", "\(row.messageClass.rawValue), topic \(row.topic)")
        facts.add("attempts", row.attempts > 0 ? "\(row.attempts)" : nil)
        facts.add(row.state.isFinal ? "was due" : "due", LocalTime.zoned(row.dueAt))
        facts.add("claimed", row.claimedAt.map { LocalTime.zoned($0) })
        facts.add("policy", row.policyVersion)
        return [Style.bold(row.id.description)] + facts.lines()
    }

    /// What became of it, in one line.
    static func outcome(_ row: DispatchRow) -> String {
        let why = [row.rule, row.detail].compactMap { $0 }.filter { !$0.isEmpty }.map(PlainText.line)
        let until = row.state == .deferred ? " until \(LocalTime.zoned(row.dueAt))" : ""
        return "\(row.id) \(row.state.spoken)\(until)" + (why.isEmpty ? "" : ": \(why.joined(separator: ", "))")
    }

    static func fields(_ row: DispatchRow) -> [(String, JSONField)] {
        [
            ("dispatch", .text(row.id.description)), ("customer", .text(row.customer.description)),
            ("campaign", JSONField(row.campaign?.name)), ("occurrence", JSONField(row.campaign?.occurrence)),
            ("channel", .text(row.channel.rawValue)), ("adapter", .text(row.adapter)),
            ("address", .text(row.address.deliverableURI)), ("class", .text(row.messageClass.rawValue)),
            ("topic", .text(row.topic)), ("state", .text(row.state.rawValue)), ("rule", JSONField(row.rule)),
            ("evidence", JSONField(row.evidence)), ("policyVersion", JSONField(row.policyVersion)),
            ("attempts", .number(row.attempts)), ("dueAt", JSONField(row.dueAt)),
            ("claimedAt", JSONField(row.claimedAt)), ("detail", JSONField(row.detail)),
        ]
    }
}
