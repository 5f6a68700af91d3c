import RapportCore

/// Entries of the consent ledger in words and as JSON.
enum ConsentText {
    static func table(_ entries: [ConsentEntry]) -> Table {
        var table = Table(["ID", "WHEN", "STATE", "CONFIRMED", "TOPIC", "CHANNEL", "ADDRESS", "HOW", "PROOF"])
        for entry in entries {
            table.add([
                entry.id.text("k"), LocalTime.minute(entry.at), entry.state.rawValue,
                entry.confirmedAt.map { LocalTime.minute($0) } ?? "–", entry.topic ?? "*",
                entry.channel?.rawValue ?? "*", entry.address?.deliverable ?? "any", entry.method,
                entry.proof.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
            ])
        }
        return table
    }

    static func fields(_ entry: ConsentEntry) -> [(String, JSONField)] {
        [
            ("id", .text(entry.id.text("k"))), ("customer", .text(entry.customer.description)),
            ("address", JSONField(entry.address?.deliverableURI)), ("topic", .text(entry.topic ?? "*")),
            ("channel", .text(entry.channel?.rawValue ?? "*")), ("state", .text(entry.state.rawValue)),
            ("at", JSONField(entry.at)), ("confirmedAt", JSONField(entry.confirmedAt)),
            ("method", .text(entry.method)), ("proof", JSONField(entry.proof)),
        ]
    }
}
