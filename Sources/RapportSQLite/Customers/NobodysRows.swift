import GRDB

/// Looks through a part of the rows without a customer for those that name an address.
struct NobodysRows {
    struct Part: Sendable {
        /// The rows that came from, or went to, one of the addresses.
        var positions: [Int64] = []
        /// Where the next part begins; 0 after the last.
        var next: Int64 = 0
    }

    let transaction: Transaction

    /// - Parameters:
    ///   - start: a row without a customer.
    ///   - limit: how many rows are looked at.
    func part(from start: Int64, limit: Int, naming addresses: Set<String>) throws -> Part {
        let written = WrittenAddresses(uris: addresses)
        var part = Part()
        try transaction.db.each(
            """
            WITH RECURSIVE chain (position, previous, sender, recipient) AS (
                SELECT position, previous, sender, recipient FROM interaction WHERE position = ?
                UNION ALL
                SELECT i.position, i.previous, i.sender, i.recipient
                FROM chain c CROSS JOIN interaction i ON i.position = c.previous WHERE c.previous > 0
                LIMIT ?
            )
            SELECT position, previous, sender, recipient FROM chain
            """, [start, limit]
        ) { row in
            part.next = row[1]
            if written.contain(row[2]) || written.contain(row[3]) { part.positions.append(row[0]) }
        }
        return part
    }
}
