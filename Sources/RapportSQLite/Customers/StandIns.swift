import GRDB

/// Who has stood for customers, themselves included, and in which rows' time: what is said of a thing of theirs stands in
/// the rows of whoever stood for them when it was said.
struct StandIns {
    /// For each of them, in order and apart from each other.
    let times: [Int64: [Range<Int64>]]

    /// - Parameter since: the customers, each with the row from which on it is asked.
    init(_ transaction: Transaction, since: [Int64: Int64]) throws {
        var times: [Int64: [Range<Int64>]] = [:]
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
            SELECT customer, since, upto FROM standing ORDER BY since
            """, [Bound.map(since.map { ($0.key, $0.value) })]
        ) { row in
            let (start, end): (Int64, Int64) = (row[1], row[2])
            times[row[0], default: []].append(start..<end)
        }
        self.times = times.mapValues(RangeRows.joined)
    }
}
