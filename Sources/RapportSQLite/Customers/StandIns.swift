import GRDB

/// Who has stood for customers, themselves included: what is said of a thing of theirs stands in the rows of whoever stood
/// for them when it was said.
struct StandIns {
    /// From which row on each of them has.
    let since: [Int64: Int64]

    /// - Parameter customers: each with the row from which on it is asked.
    init(_ transaction: Transaction, for customers: [Int64: Int64]) throws {
        var since: [Int64: Int64] = [:]
        try transaction.db.each(
            """
            WITH RECURSIVE standing (customer, since, upto) AS (
                SELECT CAST(key AS INTEGER), value, \(Int64.max) FROM json_each(?)
                UNION
                SELECT m.other, max(s.since, m.position), min(s.upto, ifnull(m.undone, \(Int64.max)))
                FROM standing s CROSS JOIN merger m ON m.customer = s.customer
                WHERE m.position < ifnull(m.undone, \(Int64.max))
                    AND m.position < s.upto AND ifnull(m.undone, \(Int64.max)) > s.since
            )
            SELECT customer, min(since) FROM standing GROUP BY customer
            """, [Bound.map(customers.map { ($0.key, $0.value) })]
        ) { since[$0[0]] = $0[1] }
        self.since = since
    }
}
