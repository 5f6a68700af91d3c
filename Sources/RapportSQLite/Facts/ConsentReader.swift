import GRDB
import RapportCore

/// Reads the consent ledger, many customers and addresses at a time.
struct ConsentReader {
    struct Found {
        /// The customer that now stands for the one it was written for.
        var root: Int64
        var addressID: Int64?
        var entry: ConsentEntry
    }

    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Each entry once.
    func entries(
        ofCustomers customers: some Collection<Int64>, addresses: some Collection<Int64>, known: inout Known
    ) throws -> [Found] {
        var seen: Set<EntryID> = []
        var found: [Found] = []
        for (column, keys) in [("customer", Bound.list(customers)), ("address", Bound.list(addresses))]
        where keys.utf8.count > 2 {
            try transaction.db.each(
                """
                SELECT position, ordinal, customer, address, topic, channel, state, at, confirmed_at, method, proof
                FROM consent INDEXED BY consent_by_\(column) WHERE \(column) IN (SELECT value FROM json_each(?))
                """, [keys]
            ) { row in
                let id = EntryID(position: row[0], ordinal: row[1])
                if seen.insert(id).inserted { found.append(try self.found(row, id)) }
            }
        }
        try known.learn(customers: found.lazy.map(\.root))
        try known.learn(addresses: found.lazy.compactMap(\.addressID))
        for index in found.indices {
            found[index].root = try known.root(of: found[index].root)
            found[index].entry.address = try found[index].addressID.map(known.address)
        }
        return found
    }

    private func found(_ row: Row, _ id: EntryID) throws -> Found {
        Found(
            root: row[2], addressID: row[3],
            entry: ConsentEntry(
                id: id, customer: CustomerID(row[2]), address: nil, topic: row[4],
                channel: try (row[5] as Int64?).map(Channel.init(code:)), state: try ConsentEntry.State(code: row[6]),
                at: row.instant(7), confirmedAt: row.instant(ifAny: 8),
                method: row[9], proof: try FlatJSON.map(row[10])))
    }
}
