import GRDB
import RapportCore

/// Counts the rows of a batch by adapter and minute, so that a batch of hundreds costs a few updates.
struct TrafficCounts {
    private struct Key: Hashable {
        var adapter: Int64
        var channel: Channel
        var direction: Direction
        var minute: Int64
    }

    private struct Count {
        var rows = 0
        var failed = 0
        var last: Int64 = 0
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
        for minute in [0, minute] {
            let key = Key(adapter: adapter, channel: row.channel, direction: row.direction, minute: minute)
            counts[key, default: Count()].rows += counted ? 1 : 0
            counts[key, default: Count()].failed += failed ? 1 : 0
            counts[key, default: Count()].last = max(counts[key]?.last ?? 0, row.recordedAt.milliseconds)
        }
    }

    func write(_ transaction: Transaction) throws {
        let db = transaction.db
        for (key, count) in counts {
            try db.run(
                """
                INSERT INTO traffic VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, failed = failed + excluded.failed,
                    last = max(last, excluded.last)
                """,
                [
                    key.adapter, key.channel.code, key.direction.code, key.minute, count.rows, count.failed,
                    count.last,
                ])
            guard key.minute > 0 else { continue }
            try db.run(
                """
                DELETE FROM traffic
                WHERE adapter = ? AND channel = ? AND direction = ? AND minute > 0 AND minute < ?
                """,
                [key.adapter, key.channel.code, key.direction.code, key.minute - Self.keptMinutes])
        }
    }
}
