import GRDB
import RapportCore

/// Counts the rows of a batch by adapter and minute, so that a batch of hundreds costs a few updates.
struct TrafficCounts {
    private struct Key: Hashable {
        var adapter: Int64
        var channel: Int64
        var direction: Int64
        var minute: Int64
    }

    private struct Count {
        var rows = 0
        var failed = 0
        var last: Int64 = 0

        mutating func add(_ other: Count) {
            rows += other.rows
            failed += other.failed
            last = max(last, other.last)
        }
    }

    /// Minutes older than this are forgotten; a status looks back one hour.
    private static let keptMinutes: Int64 = 120

    private var counts: [Key: Count] = [:]

    mutating func count(_ row: Interaction, _ transaction: Transaction) throws {
        guard row.direction != .internal else { return }
        let minute = max(1, row.recordedAt.seconds / 60)
        let adapter = try transaction.word(row.adapter)
        // Of what the way out leaves in the log, only what was handed over is a message that left.
        let failed = [.deliveryDeferred, .deliveryFailed, .deliveryBounced].contains(row.kind)
        let counted = row.direction == .inbound || row.kind == .messageSent
        let key = Key(adapter: adapter, channel: row.channel.code, direction: row.direction.code, minute: minute)
        counts[key, default: Count()].add(
            Count(rows: counted ? 1 : 0, failed: failed ? 1 : 0, last: row.recordedAt.milliseconds))
    }

    func write(_ transaction: Transaction) throws {
        let db = transaction.db
        // Minute 0 adds up all of them.
        var all = counts
        for (var key, count) in counts {
            key.minute = 0
            all[key, default: Count()].add(count)
        }
        for (key, count) in all {
            try db.run(
                """
                INSERT INTO traffic VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, failed = failed + excluded.failed,
                    last = max(last, excluded.last)
                """,
                [
                    key.adapter, key.channel, key.direction, key.minute, count.rows, count.failed, count.last,
                ])
            guard key.minute > 0 else { continue }
            try db.run(
                """
                DELETE FROM traffic
                WHERE adapter = ? AND channel = ? AND direction = ? AND minute > 0 AND minute < ?
                """,
                [key.adapter, key.channel, key.direction, key.minute - Self.keptMinutes])
        }
    }
}
