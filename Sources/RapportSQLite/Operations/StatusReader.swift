import GRDB
import RapportCore
import RapportLog

/// Adds up the numbers of a status from counters and small tables.
struct StatusReader {
    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func status(at now: Timestamp, location: String) throws -> StoreStatus {
        let (conflictsOpen, conflicts) = try conflicts()
        let overdue = FollowUpFilter(state: .open, dueBefore: now.adding(milliseconds: 1))
        return StoreStatus(
            engine: "sqlite", location: location,
            bytes: try db.number("PRAGMA page_count") * db.number("PRAGMA page_size"),
            schemaVersion: Int(try db.number("PRAGMA user_version")), lastPosition: try transaction.lastPosition(),
            customers: Int(try db.number("SELECT rows FROM customer_tally")),
            suppressed: Int(
                try db.number(
                    "SELECT count(DISTINCT address) FROM suppression WHERE until IS NULL OR until > ?",
                    [now.milliseconds])),
            traffic: try traffic(at: now),
            followUpsOpen: Int(try db.number("SELECT count(*) FROM follow_up WHERE closed = 0")),
            followUpsOverdue: Int(
                try db.number(
                    "SELECT count(*) FROM follow_up WHERE closed = 0 AND due_at <= ?", [now.milliseconds])),
            overdue: try FollowUpReader(transaction).list(overdue, limit: 10),
            parkedReceipts: Int(try db.number("SELECT count(*) FROM parked_receipt")),
            nodes: try NodeTable(transaction).all(), queued: try queued(), deferred: try deferred(),
            singles: try singles(), recentSingles: try recentSingles(at: now), stuck: try stuck(at: now),
            cursors: try cursors(), conflictsOpen: conflictsOpen, conflicts: conflicts,
            erasuresPending: Int(try db.number("SELECT count(*) FROM erasure")))
    }

    /// Two who were each named beside the other's other names are one pair.
    private func conflicts() throws -> (open: Int, latest: [StoreStatus.IdentityConflict]) {
        var open = 0
        let latest = try db.list(
            """
            SELECT min(a.root, b.root), max(a.root, b.root), max(k.position), count(*) OVER ()
            FROM identity_conflict k INDEXED BY identity_conflict_open CROSS JOIN customer a ON a.id = k.customer
                CROSS JOIN customer b ON b.id = k.other
            WHERE k.open = 1 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 10
            """
        ) { row in
            open = row[3]
            return StoreStatus.IdentityConflict(
                customer: CustomerID(row[0]), other: CustomerID(row[1]), interaction: InteractionID(row[2]))
        }
        return (open, latest)
    }

    /// Positions have no gaps, so that the next row is the oldest that waits.
    private func cursors() throws -> [StoreStatus.Cursor] {
        let last = try transaction.lastPosition()
        return try db.list(
            """
            SELECT r.name, r.position, i.recorded_at, r.failure, r.failed_at
            FROM reader r LEFT JOIN interaction i ON i.position = r.position + 1 ORDER BY r.name
            """
        ) { row in
            let failure = (row[3] as String?).map { StoreStatus.Failure(reason: $0, at: row.instant(4)) }
            return StoreStatus.Cursor(
                reader: row[0], behind: last - (row[1] as Int64), waitingSince: row.instant(ifAny: 2), failure: failure)
        }
    }

    /// Of nodes that are gone, those that start next settle what they had.
    private func stuck(at now: Timestamp) throws -> Int {
        Int(
            try db.number(
                """
                SELECT count(*) FROM dispatch d INDEXED BY dispatch_in_hand CROSS JOIN node n ON n.number = d.node
                WHERE d.node IS NOT NULL AND d.claimed_at <= ? AND n.seen_at > ?
                """,
                [
                    now.adding(seconds: -StoreStatus.stuckSeconds).milliseconds,
                    now.adding(seconds: -NodeRecord.silenceSeconds).milliseconds,
                ]))
    }

    /// Of the last sixty minutes, the present one included.
    private func traffic(at now: Timestamp) throws -> [StoreStatus.Traffic] {
        let since = now.seconds / 60 - 59
        return try db.list(
            """
            SELECT adapter, channel,
                sum(iif(direction = 0 AND minute >= ?1, rows, 0)), sum(iif(direction = 1 AND minute >= ?1, rows, 0)),
                sum(iif(minute >= ?1, failed, 0)), max(last)
            FROM traffic GROUP BY adapter, channel
            """, [since]
        ) { row in
            StoreStatus.Traffic(
                adapter: try transaction.text(row[0]), channel: try Channel(code: row[1]), inbound: row[2],
                outbound: row[3], failed: row[4], lastSeen: row.instant(5))
        }.sorted { ($0.adapter, $0.channel.rawValue) < ($1.adapter, $1.channel.rawValue) }
    }

    private func queued() throws -> [String: Int] {
        let counts = try db.list(
            "SELECT adapter, sum(rows) FROM dispatch_count WHERE state < 2 GROUP BY adapter HAVING sum(rows) > 0"
        ) { (try transaction.text($0[0]), $0[1] as Int) }
        return Dictionary(counts, uniquingKeysWith: +)
    }

    private func deferred() throws -> [String: [String: Int]] {
        var deferred: [String: [String: Int]] = [:]
        try db.each(
            """
            SELECT adapter, rule, sum(rows) FROM dispatch_count WHERE state = 1 GROUP BY adapter, rule
            HAVING sum(rows) > 0
            """
        ) { deferred[try transaction.text($0[0]), default: [:]][$0[1]] = $0[2] }
        return deferred
    }

    private func singles() throws -> [DispatchState: Int] {
        let counts = try db.list(
            "SELECT state, sum(rows) FROM dispatch_count WHERE campaign = 0 GROUP BY state HAVING sum(rows) > 0"
        ) { (try DispatchState(code: $0[0]), $0[1] as Int) }
        return Dictionary(counts, uniquingKeysWith: +)
    }

    /// Nothing is indexed by time, so that this looks at the latest messages alone, and only when any went wrong at all.
    private func recentSingles(at now: Timestamp) throws -> [DispatchState: Int] {
        let wrong = [DispatchState.unknown, .failed]
        guard try singles().keys.contains(where: wrong.contains) else { return [:] }
        let counts = try db.list(
            """
            SELECT state, count(*) FROM dispatch
            WHERE id > (SELECT max(id) FROM dispatch) - 50000 AND campaign IS NULL AND state IN (11, 13)
                AND coalesce(left_at, claimed_at, due_at) > ?
            GROUP BY state
            """, [now.adding(seconds: -86_400).milliseconds]
        ) { (try DispatchState(code: $0[0]), $0[1] as Int) }
        return Dictionary(counts, uniquingKeysWith: +)
    }
}
