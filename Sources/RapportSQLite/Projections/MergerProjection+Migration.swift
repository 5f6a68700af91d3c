import GRDB
import RapportCore

extension MergerProjection {
    /// Writes into the empty table what the log tells of merges, for a store of an earlier version.
    ///
    /// The log is folded in a database of its own, by the code that folds it everywhere: which merge changed something
    /// depends on who was part of whom then, and the store knows only who is now.
    static func migrate(_ db: Database) throws {
        let acts = try acts(in: db)
        guard !acts.isEmpty else { return }
        let named = Set(acts.flatMap { customers(of: $0.effect) })
        let known = try db.list(
            "SELECT id FROM customer WHERE id IN (SELECT value FROM json_each(?))", [Bound.list(named)]
        ) { $0[0] as Int64 }
        let scratch = try DatabaseQueue()
        try scratch.writeWithoutTransaction { try Schema.migrate($0) }
        let mergers = try scratch.write { try fold(acts, of: known, in: $0) }
        try scratch.close()
        for merger in mergers {
            try db.run(
                "INSERT INTO merger (customer, other, position, undone) VALUES (?, ?, ?, ?)",
                [merger.customer, merger.other, merger.position, merger.undone])
        }
    }

    /// The merges that the log tells of and what undid them, in order.
    private static func acts(in db: Database) throws -> [(effect: Effect, source: EffectSource)] {
        // A store without a merge is not searched for any.
        guard try db.number("SELECT count(*) FROM word WHERE text = 'customer.merged'") > 0 else { return [] }
        let rows = try db.list(
            """
            SELECT position, occurred_at, recorded_at, effects FROM interaction
            WHERE kind IN (SELECT id FROM word WHERE text IN ('customer.merged', 'customer.unmerged'))
            ORDER BY position
            """
        ) { (position: $0[0] as Int64, occurredAt: $0.instant(1), recordedAt: $0.instant(2), $0[3] as String?) }
        var acts: [(effect: Effect, source: EffectSource)] = []
        for row in rows {
            for (ordinal, effect) in try EffectText.decode(row.3).enumerated() where !customers(of: effect).isEmpty {
                let source = EffectSource(
                    position: row.position, ordinal: ordinal, occurredAt: row.occurredAt, recordedAt: row.recordedAt)
                acts.append((effect, source))
            }
        }
        return acts
    }

    /// Those whom an effect merges, or makes two again; none for any other.
    private static func customers(of effect: Effect) -> [Int64] {
        switch effect {
        case .merged(let from, let into), .unmerged(let from, let into): [from.number, into.number]
        default: []
        }
    }

    private static func fold(
        _ acts: [(effect: Effect, source: EffectSource)], of customers: [Int64], in db: Database
    ) throws -> [(customer: Int64, other: Int64, position: Int64, undone: Int64?)] {
        let transaction = Transaction(
            db: db, words: Words(), pseudonyms: Pseudonyms(key: Pseudonyms.newKey()),
            recentRows: RecentRows(limit: 0, part: .max))
        for customer in customers { try CustomerProjection(transaction: transaction).create(customer) }
        let projector = Projector(transaction, .scratch)
        for act in acts { try projector.apply(act.effect, act.source) }
        return try db.list("SELECT customer, other, position, undone FROM merger") {
            (customer: $0[0], other: $0[1], position: $0[2], undone: $0[3])
        }
    }
}
