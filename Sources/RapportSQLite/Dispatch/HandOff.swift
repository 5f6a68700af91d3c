import GRDB
import RapportCore

/// Says, before the first byte leaves, that messages are leaving.
struct HandOff {
    /// Seconds of departures that are kept.
    private static let keptSeconds: Int64 = 600

    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func handOff(_ ids: [DispatchID], node: Int64, at now: Timestamp) throws -> Set<DispatchID> {
        var moved: Set<DispatchID> = []
        var departures: [Int64: Int] = [:]
        // Looked for first: an update that also returns its rows takes longer than both.
        try db.each(
            """
            SELECT id, ifnull(campaign, 0) FROM dispatch
            WHERE id IN (SELECT value FROM json_each(?)) AND node = ? AND state = 2
            """, [Bound.list(ids.map(\.number)), node]
        ) { row in
            moved.insert(DispatchID(row[0]))
            departures[row[1], default: 0] += 1
        }
        try db.run(
            """
            UPDATE dispatch SET state = 10, attempts = attempts + 1, left_at = ?
            WHERE id IN (SELECT value FROM json_each(?))
            """, [now.milliseconds, Bound.list(moved.lazy.map(\.number))])
        for (campaign, rows) in departures {
            try db.run(
                "INSERT INTO departure VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET rows = rows + excluded.rows",
                [campaign, now.seconds, rows])
            try db.run(
                "DELETE FROM departure WHERE campaign = ? AND second < ?", [campaign, now.seconds - Self.keptSeconds])
        }
        return moved
    }
}
