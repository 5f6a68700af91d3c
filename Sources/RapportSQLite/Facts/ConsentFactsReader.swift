import GRDB
import RapportCore

/// Reads what verdicts look at of the consent ledger, of many customers and addresses at a time.
struct ConsentFactsReader {
    struct Found {
        var root: Int64
        var addressID: Int64?
        var fact: ContactFacts.Consent
    }

    /// An entry as it is stored.
    private struct Stored {
        var id: EntryID
        var customer: Int64
        var address: Int64?
        var topic: String?
        var channel: Channel?
        var state: ConsentEntry.State
        var at: Timestamp
        var confirmedAt: Timestamp?
    }

    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Each entry once.
    func consents(
        ofCustomers customers: some Collection<Int64>, addresses: some Collection<Int64>, known: inout Known
    ) throws -> [Found] {
        let stored = try stored(customers, addresses)
        try known.learn(customers: stored.lazy.map(\.customer))
        try known.learn(addresses: stored.lazy.compactMap(\.address))
        return try stored.map { try found($0, known) }
    }

    /// Nearly all entries of the addresses are the customers' own.
    private func stored(
        _ customers: some Collection<Int64>, _ addresses: some Collection<Int64>
    ) throws -> [Stored] {
        let columns = "position, ordinal, customer, address, topic, channel, state, at, confirmed_at"
        return try transaction.db.list(
            """
            SELECT \(columns) FROM consent INDEXED BY consent_by_customer
            WHERE customer IN (SELECT value FROM json_each(?1))
            UNION ALL SELECT \(columns) FROM consent INDEXED BY consent_by_address
            WHERE address IN (SELECT value FROM json_each(?2))
                AND customer NOT IN (SELECT value FROM json_each(?1))
            """, [Bound.list(customers), Bound.list(addresses)]
        ) { row in
            Stored(
                id: EntryID(position: row[0], ordinal: row[1]), customer: row[2], address: row[3], topic: row[4],
                channel: try (row[5] as Int64?).map(Channel.init(code:)), state: try ConsentEntry.State(code: row[6]),
                at: row.instant(7), confirmedAt: row.instant(ifAny: 8))
        }
    }

    private func found(_ row: Stored, _ known: Known) throws -> Found {
        let root = try known.root(of: row.customer)
        return Found(
            root: root, addressID: row.address,
            fact: ContactFacts.Consent(
                id: row.id.text("k"), customer: CustomerID(root).description,
                address: try row.address.map(known.address), topic: row.topic, channel: row.channel, state: row.state,
                at: row.at, confirmedAt: row.confirmedAt))
    }
}
