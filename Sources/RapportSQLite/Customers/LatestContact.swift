import GRDB
import RapportCore

/// Orders the customers who share an address by who was last in contact over it.
///
/// Read from their timelines when it is needed, because few addresses are shared and keeping it for all of them would
/// cost every row of the log an update.
struct LatestContact {
    /// How far back each timeline is read.
    private static let depth = 200

    let transaction: Transaction

    /// Customers without contact over the address come last, the older customer first.
    func sort(_ roots: some Collection<Int64>, over address: Address) throws -> [Int64] {
        let written = WrittenAddresses(uris: [address.uri])
        var latest: [Int64: Int64] = [:]
        for root in roots {
            let members = try transaction.members(of: [root])
            try transaction.db.each(
                """
                WITH RECURSIVE chain (position, previous, sender, recipient) AS (
                    SELECT i.position, i.previous, i.sender, i.recipient
                    FROM interaction i WHERE i.position IN (SELECT value FROM json_each(?))
                    UNION ALL
                    SELECT i.position, i.previous, i.sender, i.recipient
                    FROM chain c CROSS JOIN interaction i ON i.position = c.previous
                    WHERE c.previous > 0
                    ORDER BY 1 DESC LIMIT \(Self.depth)
                )
                SELECT position, sender, recipient FROM chain
                """, [Bound.list(try LastRows(transaction).positions(of: Array(members.keys)))]
            ) { row in
                if written.contain(row[1]) || written.contain(row[2]) { latest[root] = max(latest[root] ?? 0, row[0]) }
            }
        }
        return roots.sorted { (latest[$1] ?? 0, $0) < (latest[$0] ?? 0, $1) }
    }
}
