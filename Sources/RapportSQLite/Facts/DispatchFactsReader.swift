import GRDB
import RapportCore

/// Reads the dispatches that count, of many customers, addresses and households at a time.
struct DispatchFactsReader {
    struct Found {
        var id: Int64
        var root: Int64
        var addressID: Int64
        var household: String?
        var fact: ContactFacts.Dispatch
    }

    /// The states for which `DispatchState.counts` holds.
    static let counting = Bound.list(DispatchState.allCases.filter(\.counts).map(\.code))

    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Each dispatch once, by id.
    func dispatches(
        ofCustomers customers: some Collection<Int64>, addresses: some Collection<Int64>,
        households: some Collection<String>
    ) throws -> [Int64: Found] {
        var found: [Int64: Found] = [:]
        for (index, column, keys) in [
            ("dispatch_by_customer", "customer", Bound.list(customers)),
            ("dispatch_by_address", "address", Bound.list(addresses)),
            ("dispatch_by_household", "household", Bound.list(households)),
        ] where keys.utf8.count > 2 {
            try transaction.db.each(
                """
                SELECT d.id, c.root, d.address, d.household, a.uri, d.channel, d.class, d.topic, k.name, k.occurrence,
                    d.offer, d.content, d.state, d.claimed_at
                FROM dispatch d INDEXED BY \(index)
                    CROSS JOIN customer c ON c.id = d.customer CROSS JOIN address a ON a.id = d.address
                    LEFT JOIN campaign k ON k.id = d.campaign
                WHERE d.\(column) IN (SELECT value FROM json_each(?))
                    AND d.state IN (SELECT value FROM json_each('\(Self.counting)')) AND d.claimed_at IS NOT NULL
                """, [keys]
            ) { row in
                let id: Int64 = row[0]
                if found[id] == nil { found[id] = try dispatch(row) }
            }
        }
        return found
    }

    private func dispatch(_ row: Row) throws -> Found {
        let root: Int64 = row[1]
        let id: Int64 = row[0]
        return Found(
            id: id, root: root, addressID: row[2], household: row[3],
            fact: ContactFacts.Dispatch(
                id: DispatchID(id).description, customer: CustomerID(root).description, address: try row.address(4),
                household: row[3], channel: try Channel(code: row[5]), messageClass: try MessageClass(code: row[6]),
                topic: try transaction.text(row[7]), campaign: row[8], occurrence: occurrence(row[9]), offer: row[10],
                content: row[11], state: try DispatchState(code: row[12]), at: row.instant(13)))
    }
}

/// A campaign's occurrence as the model has it; the table has an empty text for none, because `UNIQUE` needs a value.
func occurrence(_ column: String?) -> String? {
    column.flatMap { $0.isEmpty ? nil : $0 }
}
