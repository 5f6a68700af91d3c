import GRDB
import RapportCore

/// Empties the rows of the log that tell of an erased customer. Positions, kinds, times and the effects that hold no
/// personal data stay, so that folding the log still gives the projections.
struct LogScrubber {
    struct Count {
        var rows = 0
        var payloads = 0
        var conversations = 0
    }

    let transaction: Transaction
    let family: Set<Int64>
    /// Those that only the customer had.
    let addresses: Set<String>
    private let followUps: Set<Int64>
    private var db: Database { transaction.db }

    init(_ transaction: Transaction, family: Set<Int64>, addresses: Set<String>) throws {
        followUps = Set(
            try transaction.db.list(
                "SELECT id FROM follow_up WHERE customer IN (SELECT value FROM json_each(?))", [Bound.list(family)]
            ) { $0[0] as Int64 })
        self.transaction = transaction
        self.family = family
        self.addresses = addresses
    }

    func scrub() throws -> Count {
        var count = Count()
        let reader = LogReader(transaction)
        try reader.pages(of: family) { rows in
            for row in rows { try scrub(row, whole: true, &count) }
        }
        // Rows of nobody, or of others, that speak of the customer or of an address that only the customer had.
        for row in try reader.rows(at: try positionsElsewhere()) {
            if let customer = row.customer, family.contains(customer.number) { continue }
            try scrub(row, whole: false, &count)
        }
        return count
    }

    /// Empties rows of nobody that came from, or went to, an address that only the customer had.
    func scrub(rowsOfNobody positions: some Sequence<Int64>) throws -> Count {
        var count = Count()
        for row in try LogReader(transaction).rows(at: Array(positions)) where row.customer == nil {
            try scrub(row, whole: true, &count)
        }
        return count
    }

    private func scrub(_ row: Interaction, whole: Bool, _ count: inout Count) throws {
        for case .conversationNamed(_, let keys) in row.effects where whole {
            for key in keys {
                let hash = Hash128(key)
                count.conversations += try db.change(
                    "DELETE FROM conversation_key WHERE high = ? AND low = ? AND position = ?",
                    [hash.high, hash.low, row.id.number])
            }
        }
        let effects = row.effects.filter { keeps($0, whole: whole) }
        // The row that says who erased the customer holds nothing of theirs.
        let empties = whole && row.kind != .customerErased
        if empties { count.payloads += try db.change("DELETE FROM payload WHERE position = ?", [row.id.number]) }
        if empties, row != row.withoutPersonalData(effects: effects) {
            try db.run(
                """
                UPDATE interaction SET sender = NULL, recipient = NULL, subject = NULL, body = NULL, attributes = NULL,
                    source_id = NULL, conversation = NULL, effects = ?
                WHERE position = ?
                """, [try EffectText.encode(effects), row.id.number])
            count.rows += 1
        } else if effects != row.effects {
            try db.run(
                "UPDATE interaction SET effects = ? WHERE position = ?",
                [try EffectText.encode(effects), row.id.number])
            count.rows += 1
        }
    }

    /// Whether an effect holds nothing personal and so stays. Which id an effect names is not personal.
    private func keeps(_ effect: Effect, whole: Bool) -> Bool {
        switch effect {
        case .customerCreated, .merged, .unmerged, .identityConflicted, .toldApart, .erased, .dispatchAdvanced: true
        case .profileSet(let id, _), .addressAttached(let id, _), .addressDetached(let id, _), .responded(let id, _):
            !family.contains(id.number)
        case .consentRecorded(let entry): !family.contains(entry.customer.number)
        case .suppressed(let suppression): !addresses.contains(suppression.address.uri)
        case .suppressionLifted(let address, _): !addresses.contains(address.uri)
        case .followUpOpened(let followUp): !family.contains(followUp.customer.number)
        case .followUpClosed(let id, _, _), .followUpAssigned(let id, _): !followUps.contains(id.number)
        case .conversationNamed: !whole
        }
    }

    /// The projections know which rows made them.
    private func positionsElsewhere() throws -> [Int64] {
        try db.list(
            """
            SELECT position FROM customer_address WHERE customer IN (SELECT value FROM json_each(?1))
            UNION SELECT position FROM consent WHERE customer IN (SELECT value FROM json_each(?1))
            UNION SELECT id FROM follow_up WHERE customer IN (SELECT value FROM json_each(?1))
            UNION SELECT position FROM response WHERE customer IN (SELECT value FROM json_each(?1))
            UNION SELECT s.position FROM suppression s CROSS JOIN address a ON a.id = s.address
                WHERE a.uri IN (SELECT value FROM json_each(?2))
            UNION SELECT s.lifted_by FROM suppression s CROSS JOIN address a ON a.id = s.address
                WHERE a.uri IN (SELECT value FROM json_each(?2)) AND s.lifted_by IS NOT NULL
            """, [Bound.list(family), Bound.list(addresses)]
        ) { $0[0] }
    }
}
