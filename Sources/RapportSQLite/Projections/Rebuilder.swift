import GRDB
import RapportCore

/// Empties the projections and folds the log into them again.
struct Rebuilder {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func rebuild(progress: (Int64, Int64) -> Void) throws {
        let db = transaction.db
        // Dispatches name customers that are away for a while.
        try db.execute(sql: "PRAGMA defer_foreign_keys = ON")
        for table in [
            "conversation_key", "response", "follow_up", "suppression", "consent", "identity_conflict", "merger",
            "customer_address", "customer",
        ] {
            try db.execute(sql: "DELETE FROM \(table)")
        }
        try db.execute(sql: "UPDATE dispatch SET evidence = NULL WHERE evidence IS NOT NULL")
        try LogFold(schema: "main", projector: Projector(transaction, .rebuild)).run(progress: progress)
        try settleDispatches()
    }

    /// Rows that left have the state that the evidence gives them; without any they may have left. What the ledger
    /// itself decided, such as a failure before handing off, stays.
    private func settleDispatches() throws {
        try transaction.db.execute(
            sql: """
                UPDATE dispatch SET state = evidence
                WHERE state > 10 AND evidence > 10 AND state <> evidence;
                UPDATE dispatch SET state = 11
                WHERE state > 11 AND evidence IS NULL AND NOT (state = 13 AND attempts = 0);
                """)
    }
}
