import RapportCore

/// Follow-ups as rows of a table and as JSON.
enum FollowUpText {
    static func table(_ rows: [FollowUp], at now: Timestamp) -> Table {
        var table = Table(["ID", "CUSTOMER", "KIND", "OWNER", "STATE", "DUE", "ABOUT"])
        for row in rows {
            table.add([
                row.id.description, row.customer.description, row.kind, row.owner ?? "–", row.state.rawValue,
                due(row, at: now), row.summary,
            ])
        }
        return table
    }

    /// `in 3h 2m`, `late 1d 4h`.
    static func due(_ followUp: FollowUp, at now: Timestamp) -> String {
        guard let dueAt = followUp.dueAt else { return "–" }
        guard followUp.state == .open else { return LocalTime.minute(dueAt) }
        let seconds = Int(dueAt.seconds - now.seconds)
        return seconds > 0 ? "in \(Spoken.duration(seconds: seconds))" : "late \(Spoken.duration(seconds: -seconds))"
    }

    static func fields(_ followUp: FollowUp, at now: Timestamp) -> [(String, JSONField)] {
        [
            ("id", .text(followUp.id.description)), ("customer", .text(followUp.customer.description)),
            ("kind", .text(followUp.kind)), ("state", .text(followUp.state.rawValue)),
            ("summary", .text(followUp.summary)), ("owner", JSONField(followUp.owner)),
            ("openedAt", JSONField(followUp.openedAt)), ("dueAt", JSONField(followUp.dueAt)),
            ("overdue", .flag(followUp.isOverdue(at: now))), ("closedAt", JSONField(followUp.closedAt)),
            ("resolution", JSONField(followUp.resolution)), ("conversation", JSONField(followUp.conversation)),
        ]
    }
}
