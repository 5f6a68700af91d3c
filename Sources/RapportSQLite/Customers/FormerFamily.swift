import GRDB
import RapportCore

/// Those with whom customers were one until that was undone. What came in meanwhile stands in the rows of whoever stood
/// for all of them.
struct FormerFamily {
    /// The others who are there.
    let members: [Int64]
    /// For each of them the rows of the times in which they were one, in order.
    let times: [Int64: [Range<Int64>]]

    /// Who was merged with one of the others counts only for the time in which they were one with the customers, too.
    init(_ transaction: Transaction, of family: [Int64]) throws {
        var times: [Int64: [Range<Int64>]] = [:]
        try transaction.db.each(
            """
            WITH RECURSIVE kin (id, since, upto) AS (
                SELECT value, 0, \(Int64.max) FROM json_each(?1)
                UNION
                SELECT iif(m.customer = k.id, m.other, m.customer), max(k.since, m.position),
                    min(k.upto, ifnull(m.undone, \(Int64.max)))
                FROM kin k CROSS JOIN merger m ON m.customer = k.id OR m.other = k.id
                WHERE max(k.since, m.position) < min(k.upto, ifnull(m.undone, \(Int64.max)))
                    AND iif(m.customer = k.id, m.other, m.customer) NOT IN (SELECT value FROM json_each(?1))
            )
            SELECT k.id, k.since, k.upto FROM kin k CROSS JOIN customer c ON c.id = k.id
            WHERE c.erased = 0 AND k.id NOT IN (SELECT value FROM json_each(?1)) ORDER BY k.id, k.since
            """, [Bound.list(family)]
        ) { row in
            let (since, upTo): (Int64, Int64) = (row[1], row[2])
            times[row[0], default: []].append(since..<upTo)
        }
        members = times.keys.sorted()
        self.times = times.mapValues(RangeRows.joined)
    }

    /// Whether they were one with whoever has this row when it was written.
    func wasOne(at row: Interaction) -> Bool {
        guard let customer = row.customer, let times = times[customer.number] else { return false }
        return times.contains { $0.contains(row.id.number) }
    }
}
