import GRDB
import RapportCore

/// How many messages of each campaign left in which second, counted when it is known what became of them.
struct Departures {
    private struct Second: Hashable {
        /// 0 for messages of none.
        var campaign: Int64
        var second: Int64
    }

    /// Seconds that are kept.
    private static let kept: Int64 = 600

    private var rows: [Second: Int] = [:]

    mutating func count(campaign: Int64, at left: Timestamp) {
        rows[Second(campaign: campaign, second: left.seconds), default: 0] += 1
    }

    func write(_ db: Database, at now: Timestamp) throws {
        for (key, rows) in rows {
            try db.run(
                "INSERT INTO departure VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET rows = rows + excluded.rows",
                [key.campaign, key.second, rows])
        }
        for campaign in Set(rows.keys.lazy.map(\.campaign)) {
            try db.run("DELETE FROM departure WHERE campaign = ? AND second < ?", [campaign, now.seconds - Self.kept])
        }
    }
}
