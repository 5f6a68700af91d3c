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
    private let merged: MergedRows
    private let followUps: Set<Int64>
    private var db: Database { transaction.db }

    /// Rows that are read at a time.
    private static let pageSize = 500

    /// - Parameter merged: what is the customer's in the rows of others.
    init(
        _ transaction: Transaction, family: Set<Int64>, addresses: Set<String>, merged: MergedRows = MergedRows()
    ) throws {
        followUps = merged.followUps.union(
            try transaction.db.list(
                "SELECT id FROM follow_up WHERE customer IN (SELECT value FROM json_each(?))", [Bound.list(family)]
            ) { $0[0] as Int64 })
        self.transaction = transaction
        self.family = family
        self.addresses = addresses
        self.merged = merged
    }

    func scrub() throws -> Count {
        var count = Count()
        let reader = LogReader(transaction)
        try reader.pages(of: family) { rows in
            for row in rows { try scrub(row, whole: true, &count) }
        }
        // Rows of nobody, or of others, that speak of the customer or of an address that only the customer had.
        let positions = merged.own.union(merged.naming).union(try positionsElsewhere()).sorted()
        for start in stride(from: 0, to: positions.count, by: Self.pageSize) {
            let page = positions[start..<min(start + Self.pageSize, positions.count)]
            for row in try reader.rows(at: Array(page)) {
                if let customer = row.customer, family.contains(customer.number) { continue }
                try scrub(row, whole: merged.own.contains(row.id.number), &count)
            }
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
        var effects = row.effects.filter { keeps($0, whole: whole) }
        if whole { effects = try effects.map(withoutProof) }
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
        case .profileSet(let id, _), .responded(let id, _): !family.contains(id.number)
        case .addressAttached(let id, let address), .addressDetached(let id, let address):
            !family.contains(id.number) && !(merged.others.contains(id.number) && addresses.contains(address.uri))
        case .consentRecorded(let entry):
            !family.contains(entry.customer.number) && entry.address.map { addresses.contains($0.uri) } != true
        case .suppressed(let suppression): !addresses.contains(suppression.address.uri)
        case .suppressionLifted(let address, _): !addresses.contains(address.uri)
        case .followUpOpened(let followUp):
            !family.contains(followUp.customer.number) && !followUps.contains(followUp.id.number)
        case .followUpClosed(let id, _, _), .followUpAssigned(let id, _): !followUps.contains(id.number)
        case .conversationNamed: !whole
        }
    }

    /// What the customer said for another, with whom they were one then, stays said; how it was said is theirs.
    private func withoutProof(_ effect: Effect) throws -> Effect {
        guard case .consentRecorded(var entry) = effect else { return effect }
        let proof = entry.proof.filter { $0.key == "interaction" }
        guard proof != entry.proof else { return effect }
        entry.proof = proof
        try db.run(
            "UPDATE consent SET proof = ? WHERE position = ? AND ordinal = ?",
            [FlatJSON.encode(proof), entry.id.position, entry.id.ordinal])
        return .consentRecorded(entry)
    }

    /// The projections know which rows made them.
    private func positionsElsewhere() throws -> [Int64] {
        try db.list(
            """
            SELECT position FROM customer_address WHERE customer IN (SELECT value FROM json_each(?1))
            UNION SELECT position FROM consent WHERE customer IN (SELECT value FROM json_each(?1))
            UNION SELECT position FROM consent INDEXED BY consent_by_address
                WHERE address IN (SELECT id FROM address WHERE uri IN (SELECT value FROM json_each(?2)))
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
