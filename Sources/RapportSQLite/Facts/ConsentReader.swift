import GRDB
import RapportCore

/// Reads the consent ledger, many customers and addresses at a time.
struct ConsentReader {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Each entry once, with the customer that now stands for the one it was written for.
    func entries(
        ofCustomers customers: some Collection<Int64>, addresses: some Collection<Int64>
    ) throws -> [(root: Int64, entry: ConsentEntry)] {
        let columns = """
            SELECT k.position, k.ordinal, k.customer, c.root, a.uri, k.topic, k.channel, k.state, k.at, k.confirmed_at,
                k.method, k.proof
            FROM consent k CROSS JOIN customer c ON c.id = k.customer LEFT JOIN address a ON a.id = k.address
            """
        let byCustomer = try transaction.db.list(
            columns + " WHERE k.customer IN (SELECT value FROM json_each(?))", [Bound.list(customers)], entry)
        let byAddress = try transaction.db.list(
            columns + " WHERE k.address IN (SELECT value FROM json_each(?))", [Bound.list(addresses)], entry)
        var seen: Set<EntryID> = []
        return (byCustomer + byAddress).filter { seen.insert($0.entry.id).inserted }
    }

    private func entry(_ row: Row) throws -> (root: Int64, entry: ConsentEntry) {
        let entry = ConsentEntry(
            id: EntryID(position: row[0], ordinal: row[1]), customer: CustomerID(row[2]),
            address: row.hasNull(atIndex: 4) ? nil : try row.address(4), topic: row[5],
            channel: try (row[6] as Int64?).map(Channel.init(code:)), state: try ConsentEntry.State(code: row[7]),
            at: row.instant(8), confirmedAt: row.instant(ifAny: 9), method: row[10], proof: try FlatJSON.map(row[11]))
        return (row[3], entry)
    }
}
