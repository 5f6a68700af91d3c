import GRDB

/// Reads which row is a customer's last, where their timeline begins.
struct LastRows {
    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// How far `timeline` has come.
    static func progress(_ db: Database) throws -> Int64 {
        try db.number("SELECT position FROM timeline_progress")
    }

    /// The last rows of those who have any, in no order. Customer 0 stands for rows without one.
    func positions(of customers: [Int64]) throws -> [Int64] {
        let progress = try Self.progress(db)
        let last = try transaction.lastPosition()
        var (found, upTo) = transaction.recentRows.lasts(of: customers, progress: progress, last: last)
        if upTo < last {
            try db.each(
                """
                SELECT ifnull(customer, 0), max(position) FROM interaction
                WHERE position > ? AND ifnull(customer, 0) IN (SELECT value FROM json_each(?)) GROUP BY 1
                """, [upTo, Bound.list(customers)]
            ) { found[$0[0]] = $0[1] }
        }
        let others = customers.filter { found[$0] == nil }
        if !others.isEmpty {
            try db.each(
                "SELECT customer, last FROM timeline WHERE customer IN (SELECT value FROM json_each(?))",
                [Bound.list(others)]
            ) { found[$0[0]] = $0[1] }
        }
        return found.values.filter { $0 > 0 }
    }
}
