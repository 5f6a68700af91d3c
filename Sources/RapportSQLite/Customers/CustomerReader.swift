import GRDB
import RapportCore

/// Reads customers, many at a time.
struct CustomerReader {
    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Customers that stand for themselves, with the addresses of those merged into them.
    ///
    /// - Parameter members: member -> root, as `Transaction.members(of:)` gives it for these roots.
    func customers(_ roots: some Collection<Int64>, members: [Int64: Int64]) throws -> [Int64: Customer] {
        var customers: [Int64: Customer] = [:]
        try db.each(
            """
            SELECT id, name, language, time_zone, household, owner, tags, attributes, quiet_from, quiet_to, paused_until,
                erased
            FROM customer WHERE id IN (SELECT value FROM json_each(?))
            """, [Bound.list(roots)]
        ) { customers[$0[0]] = try customer($0) }
        try db.each(
            """
            SELECT ca.customer, a.uri, ca.deliverable
            FROM customer_address ca CROSS JOIN address a ON a.id = ca.address
            WHERE ca.customer IN (SELECT value FROM json_each(?))
            ORDER BY ca.position, ca.ordinal
            """, [Bound.list(members.keys)]
        ) { row in
            guard let root = members[row[0]] else { return }
            let address = try row.address(1, deliverable: 2)
            if customers[root]?.addresses.contains(address) == false { customers[root]?.addresses.append(address) }
        }
        return customers
    }

    func customers(_ roots: some Collection<Int64>) throws -> [Int64: Customer] {
        try customers(roots, members: transaction.members(of: roots))
    }

    /// Who has these addresses, by address: those that stand for themselves and are not erased; the one with the latest
    /// contact over the address first.
    func owners(of addresses: some Collection<Address>) throws -> [Address: [Int64]] {
        let ids = try transaction.addressIDs(addresses.map(\.uri))
        let addressOf = Dictionary(
            addresses.compactMap { address in ids[address.uri].map { ($0, address) } }, uniquingKeysWith: { a, _ in a })
        var owners: [Address: [Int64]] = [:]
        try db.each(
            """
            SELECT ca.address, c.root FROM customer_address ca CROSS JOIN customer c ON c.id = ca.customer
                CROSS JOIN customer r ON r.id = c.root
            WHERE ca.address IN (SELECT value FROM json_each(?)) AND r.erased = 0
            ORDER BY ca.address, c.root
            """, [Bound.list(ids.values)]
        ) { row in
            guard let address = addressOf[row[0]] else { return }
            let root: Int64 = row[1]
            if owners[address]?.last != root { owners[address, default: []].append(root) }
        }
        for (address, roots) in owners where roots.count > 1 {
            owners[address] = try LatestContact(transaction: transaction).sort(roots, over: address)
        }
        return owners
    }

    private func customer(_ row: Row) throws -> Customer {
        let from: Int? = row[8]
        let to: Int? = row[9]
        return Customer(
            id: CustomerID(row[0]),
            profile: Customer.Profile(
                name: row[1], language: row[2], timeZone: row[3], household: row[4], owner: row[5],
                tags: Set(try FlatJSON.strings(row[6])), attributes: try FlatJSON.map(row[7]),
                quietHours: from.flatMap { from in to.map { QuietHours(from: from, to: $0) } },
                pausedUntil: row.instant(ifAny: 10)),
            erased: row[11])
    }
}
