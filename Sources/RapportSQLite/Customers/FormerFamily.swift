import GRDB
import RapportCore

/// Those with whom customers were one until that was undone. What came in meanwhile stands in the rows of whoever stood
/// for all of them.
struct FormerFamily {
    /// The others who are there.
    let members: [Int64]
    /// The rows of the times in which they were one.
    private let times: [Range<Int64>]

    init(_ transaction: Transaction, of family: [Int64]) throws {
        let family = Bound.list(family)
        members = try transaction.db.list(
            """
            WITH RECURSIVE kin (id) AS (
                SELECT value FROM json_each(?1)
                UNION
                SELECT iif(m.customer = k.id, m.other, m.customer)
                FROM kin k CROSS JOIN merger m ON m.customer = k.id OR m.other = k.id
            )
            SELECT c.id FROM kin k CROSS JOIN customer c ON c.id = k.id
            WHERE c.erased = 0 AND c.id NOT IN (SELECT value FROM json_each(?1)) ORDER BY c.id
            """, [family]
        ) { $0[0] as Int64 }
        times = try transaction.db.list(
            """
            SELECT position, undone FROM merger
            WHERE undone IS NOT NULL AND
                (customer IN (SELECT value FROM json_each(?1))) <> (other IN (SELECT value FROM json_each(?1)))
            """, [family]
        ) { row in
            let (start, end): (Int64, Int64) = (row[0], row[1])
            return start..<max(start, end)
        }
    }

    /// Whether they were one when this row was written.
    func wasOne(at row: InteractionID) -> Bool {
        times.contains { $0.contains(row.number) }
    }
}
