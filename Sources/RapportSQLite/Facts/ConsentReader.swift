import GRDB
import RapportCore

/// Reads the consent ledger.
struct ConsentReader {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// All entries of some customers, as they were written.
    func entries(of customers: some Collection<Int64>) throws -> [ConsentEntry] {
        try transaction.db.list(
            """
            SELECT c.position, c.ordinal, c.customer, a.uri, c.topic, c.channel, c.state, c.at, c.confirmed_at, c.method,
                c.proof
            FROM consent c INDEXED BY consent_by_customer LEFT JOIN address a ON a.id = c.address
            WHERE c.customer IN (SELECT value FROM json_each(?))
            """, [Bound.list(customers)]
        ) { row in
            ConsentEntry(
                id: EntryID(position: row[0], ordinal: row[1]), customer: CustomerID(row[2]),
                address: row.hasNull(atIndex: 3) ? nil : try row.address(3), topic: row[4],
                channel: try (row[5] as Int64?).map(Channel.init(code:)), state: try ConsentEntry.State(code: row[6]),
                at: row.instant(7), confirmedAt: row.instant(ifAny: 8), method: row[9],
                proof: try FlatJSON.map(row[10]))
        }
    }
}
