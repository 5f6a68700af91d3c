import GRDB
import RapportCore

/// Folds the effects of a log into projections.
struct LogFold {
    private static let page = 2_000

    /// Where the log is read: a schema of the connection that the projector writes to.
    let schema: String
    let projector: Projector

    /// - Parameter progress: called after every page with the position reached and the last one.
    func run(progress: (Int64, Int64) -> Void) throws {
        let db = projector.transaction.db
        let last = try db.number("SELECT max(position) FROM \(schema).interaction")
        var position: Int64 = 0
        while position < last {
            let rows = try db.list(
                """
                SELECT position, occurred_at, recorded_at, effects FROM \(schema).interaction
                WHERE position > ? ORDER BY position LIMIT ?
                """, [position, Self.page]
            ) { (position: $0[0] as Int64, occurredAt: $0.instant(1), recordedAt: $0.instant(2), $0[3] as String?) }
            for row in rows {
                for (ordinal, effect) in try EffectText.decode(row.3).enumerated() {
                    try projector.apply(
                        effect,
                        EffectSource(
                            position: row.position, ordinal: ordinal, occurredAt: row.occurredAt,
                            recordedAt: row.recordedAt))
                }
            }
            position = rows.last?.position ?? last
            progress(position, last)
        }
    }
}
