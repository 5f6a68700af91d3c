import GRDB
import RapportCore
import RapportLog

/// Folds the log into a scratch file and compares its projections with the live ones, in one snapshot of the store.
struct Verifier {
    let path: String
    let pseudonyms: Pseudonyms

    func differences(progress: @Sendable (Int64, Int64) -> Void) throws -> [ProjectionDifference] {
        // A database without a name is a temporary file that only this connection sees.
        let scratch = try DatabaseQueue(path: "")
        let differences = try scratch.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE")
            try Schema.migrate(db)
            try db.execute(sql: "CREATE TABLE evidence (dispatch INTEGER PRIMARY KEY, state INTEGER NOT NULL) STRICT")
            try db.execute(sql: "ATTACH DATABASE ? AS live", arguments: [path])
            var found: [ProjectionDifference] = []
            try db.inTransaction(.deferred) {
                let transaction = Transaction(
                    db: db, words: Words(), pseudonyms: pseudonyms, recentRows: RecentRows(limit: 0, part: .max))
                try LogFold(schema: "live", projector: Projector(transaction, .scratch)).run(progress: progress)
                for table in ProjectionTable.all + [ProjectionTable.evidence] {
                    try TableComparison(db: db, table: table).run(found: "live", expected: "main", &found)
                }
                return .commit
            }
            try db.execute(sql: "DETACH DATABASE live")
            return found
        }
        try scratch.close()
        return differences
    }
}
