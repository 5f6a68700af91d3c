import GRDB
import RapportCore

/// Reads customers, many at a time.
struct CustomerReader {
    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Those who stand for some customers.
    struct Standing {
        var customers: [Int64: Customer]
        /// For each of the customers; unknown ones are left out.
        var rootOf: [Int64: Int64]
        /// Each of those who stand and of those merged into them: member -> root.
        var members: [Int64: Int64]
        /// The numbers of their addresses, by URI, as far as those were read.
        var addressNumbers: [String: Int64] = [:]

        /// By the ids that were asked for.
        var customersByID: [CustomerID: Customer] {
            Dictionary(
                rootOf.compactMap { id, root in customers[root].map { (CustomerID(id), $0) } },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// With the addresses of those merged into them.
    func standing(for ids: some Collection<Int64>) throws -> Standing {
        var standing = try standingWithoutAddresses(for: ids)
        try addAddresses(to: &standing)
        return standing
    }

    /// The same with the pauses and quiet hours that hold.
    func shown(_ ids: some Collection<Int64>) throws -> Standing {
        var standing = try standing(for: ids)
        for (root, merged) in try resting(standing.members) {
            standing.customers[root] = standing.customers[root]?.resting(with: merged)
        }
        return standing
    }

    func standingWithoutAddresses(for ids: some Collection<Int64>) throws -> Standing {
        var customers: [Int64: Customer] = [:]
        var rootOf: [Int64: Int64] = [:]
        customers.reserveCapacity(ids.count)
        rootOf.reserveCapacity(ids.count)
        func read(_ ids: some Collection<Int64>) throws {
            try db.each(
                "SELECT \(Self.columns), root FROM customer WHERE id IN (SELECT value FROM json_each(?))",
                [Bound.list(ids)]
            ) { row in
                let (id, root): (Int64, Int64) = (row[0], row[12])
                rootOf[id] = root
                if id == root { customers[id] = try customer(row) }
            }
        }
        try read(ids)
        let others = Set(rootOf.values.lazy.filter { customers[$0] == nil })
        if !others.isEmpty { try read(others) }
        return Standing(customers: customers, rootOf: rootOf, members: try transaction.members(of: customers.keys))
    }

    /// Of those who were merged into others, whoever asked for a rest or has quiet hours of their own, in order of id, by
    /// who stands for them; without their addresses. Where nobody was merged, as nearly always, nothing is read.
    func resting(_ members: [Int64: Int64]) throws -> [Int64: [Customer]] {
        let merged = members.lazy.filter { $0.key != $0.value }.map(\.key)
        guard !merged.isEmpty else { return [:] }
        var resting: [Int64: [Customer]] = [:]
        try db.each(
            """
            SELECT \(Self.columns) FROM customer
            WHERE id IN (SELECT value FROM json_each(?)) AND (paused_until IS NOT NULL OR quiet_from IS NOT NULL)
            ORDER BY id
            """, [Bound.list(merged)]
        ) { row in
            guard let root = members[row[0]] else { return }
            resting[root, default: []].append(try customer(row))
        }
        return resting
    }

    /// Those merged into whoever stands for the customer, in order of id, each with their own profile and addresses.
    func merged(into customer: CustomerID) throws -> [Customer] {
        guard let root = try transaction.roots([customer.number])[customer.number] else { return [] }
        let merged = try transaction.members(of: [root]).keys.filter { $0 != root }
        guard !merged.isEmpty else { return [] }
        var own = Standing(
            customers: [:], rootOf: [:], members: Dictionary(uniqueKeysWithValues: merged.map { ($0, $0) }))
        try db.each(
            "SELECT \(Self.columns) FROM customer WHERE id IN (SELECT value FROM json_each(?))", [Bound.list(merged)]
        ) { row in
            let member = try self.customer(row)
            own.customers[member.id.number] = member
        }
        try addAddresses(to: &own)
        return own.customers.values.sorted { $0.id < $1.id }
    }

    /// The same for customers who are known to be there, with neither addresses nor profiles: from indexes of those who
    /// were merged or erased, in which there is next to nothing, instead of a page for each customer.
    func standingWithoutProfiles(for ids: some Collection<Int64>) throws -> Standing {
        var rootOf = Dictionary(ids.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
        try db.each(
            """
            SELECT id, root FROM customer INDEXED BY customer_merged
            WHERE id IN (SELECT value FROM json_each(?)) AND merged_into IS NOT NULL
            """, [Bound.list(ids)]
        ) { rootOf[$0[0]] = $0[1] }
        let roots = Set(rootOf.values)
        let erased = try erased(among: roots)
        let customers = roots.map { ($0, Customer(id: CustomerID($0), erased: erased.contains($0))) }
        return Standing(
            customers: Dictionary(uniqueKeysWithValues: customers), rootOf: rootOf,
            members: try transaction.members(of: roots))
    }

    private func erased(among ids: Set<Int64>) throws -> Set<Int64> {
        Set(
            try db.list(
                """
                SELECT id FROM customer INDEXED BY customer_erased
                WHERE id IN (SELECT value FROM json_each(?)) AND erased = 1
                """, [Bound.list(ids)]
            ) { $0[0] as Int64 })
    }

    func addAddresses(to standing: inout Standing) throws {
        try db.each(
            """
            SELECT ca.customer, a.uri, ca.deliverable, ca.address
            FROM customer_address ca CROSS JOIN address a ON a.id = ca.address
            WHERE ca.customer IN (SELECT value FROM json_each(?))
            ORDER BY ca.position, ca.ordinal
            """, [Bound.list(standing.members.keys)]
        ) { row in
            guard let root = standing.members[row[0]] else { return }
            let address = try row.address(1, deliverable: 2)
            standing.addressNumbers[address.uri] = row[3]
            if standing.customers[root]?.addresses.contains(address) == false {
                standing.customers[root]?.addresses.append(address)
            }
        }
    }

    /// Who has these addresses, by address: those that stand for themselves and are not erased; the one with the latest
    /// contact over the address first.
    func owners(of addresses: some Collection<Address>) throws -> [Address: [Int64]] {
        let holders = try holders(of: addresses)
        let rootOf = try transaction.roots(Set(holders.values.joined()))
        let erased = try erased(among: Set(rootOf.values))
        return try owners(holders, rootOf: rootOf) { !erased.contains($0) }
    }

    /// The same for holders whose roots are known.
    func owners(
        _ holders: [Address: [Int64]], rootOf: [Int64: Int64], where isThere: (_ root: Int64) -> Bool
    ) throws -> [Address: [Int64]] {
        var owners: [Address: [Int64]] = [:]
        owners.reserveCapacity(holders.count)
        for (address, holders) in holders {
            let roots = Set(holders.compactMap { rootOf[$0] }).filter(isThere)
            guard !roots.isEmpty else { continue }
            owners[address] =
                roots.count == 1 ? Array(roots) : try LatestContact(transaction: transaction).sort(roots, over: address)
        }
        return owners
    }

    /// The customers that these addresses are attached to, merged or erased as they may be, by address.
    func holders(of addresses: some Collection<Address>) throws -> [Address: [Int64]] {
        guard !addresses.isEmpty else { return [:] }
        let list = Array(addresses)
        var holders: [Address: [Int64]] = [:]
        holders.reserveCapacity(list.count)
        try db.each(
            """
            SELECT j.key, ca.customer
            FROM json_each(?) j CROSS JOIN address a ON a.uri = j.value
                CROSS JOIN customer_address ca INDEXED BY customer_address_by_address ON ca.address = a.id
            """, [Bound.list(list.lazy.map(\.uri))]
        ) { holders[list[$0[0] as Int], default: []].append($0[1]) }
        return holders
    }

    /// What `customer(_:)` reads, in its order.
    private static let columns = """
        id, name, language, time_zone, household, owner, tags, attributes, quiet_from, quiet_to, paused_until, erased
        """

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

extension Customer {
    /// - Parameter merged: those merged into the customer who rest: the longest of the pauses holds, and quiet hours of
    ///   theirs where the customer has none.
    func resting(with merged: [Customer]) -> Customer {
        guard !merged.isEmpty else { return self }
        var resting = self
        let pauses = merged.compactMap(\.profile.pausedUntil)
        resting.profile.pausedUntil = pauses.reduce(profile.pausedUntil) { max($0 ?? $1, $1) }
        resting.profile.quietHours = profile.quietHours ?? merged.lazy.compactMap(\.profile.quietHours).first
        return resting
    }
}
