import GRDB
import RapportCore
import RapportLog

/// Reads dispatches with everything that a verdict and a message need.
struct CandidateReader {
    private struct Loaded {
        var id: Int64
        var plan: DispatchPlan
        var route: Int
        /// The number of that route's address.
        var addressID: Int64
        var attempts: Int
        var mayHaveArrived: Bool
        var household: String?
        /// The number of the plan's campaign.
        var campaignID: Int64?
    }

    /// What was found of some dispatches.
    struct Found {
        var candidates: [ClaimCandidate] = []
        /// Whose facts were read, those merged into them included.
        var customers: [Int64] = []
        /// The dispatches whose customer belongs to another household than when they were planned.
        var moved: Set<Int64> = []
    }

    /// That somebody has an address, by the numbers of both.
    private struct Holding: Hashable {
        /// The customer that stands for whoever has it.
        var root: Int64
        var address: Int64
    }

    let transaction: Transaction
    let lookback: Lookback

    init(_ transaction: Transaction, lookback: Lookback) {
        self.transaction = transaction
        self.lookback = lookback
    }

    /// In the order of `ids`.
    func candidates(_ ids: [Int64]) throws -> Found {
        guard !ids.isEmpty else { return Found() }
        let loaded = try rows(ids)
        let standing = try CustomerReader(transaction)
            .standingWithoutAddresses(for: Set(loaded.values.map(\.plan.customer.number)))
        // Apart from each other, because whoever looks at one of a pair copies it whole.
        var ready: [Loaded] = []
        var customers: [Customer] = []
        for id in ids {
            guard let row = loaded[id], let root = standing.rootOf[row.plan.customer.number],
                let customer = standing.customers[root]
            else { continue }
            ready.append(row)
            customers.append(customer)
        }
        let numbers = try numbers(ready)
        let holdings = try holdings(of: standing.members)
        let facts = try FactsReader(transaction).facts(
            zip(ready, customers).map { row, customer in
                FactsReader.Subject(
                    customer: customer, addresses: row.plan.routes.map { $0.address }, excluding: DispatchID(row.id))
            }, members: standing.members, numbers: numbers, past: past(of: ready))
        var found = Found(customers: Array(standing.members.keys))
        found.candidates.reserveCapacity(ready.count)
        for (place, row) in ready.enumerated() {
            let customer = customers[place]
            found.candidates.append(
                ClaimCandidate(
                    id: DispatchID(row.id), customer: customer, plan: row.plan, routeIndex: row.route,
                    lostRoutes: lostRoutes(of: row.plan, for: customer.id.number, holdings, numbers),
                    attempts: row.attempts, mayHaveArrived: row.mayHaveArrived, facts: facts[place]))
            if row.household != customer.profile.household { found.moved.insert(row.id) }
        }
        return found
    }

    private func past(of rows: [Loaded]) -> DispatchFactsReader.Wanted {
        var wanted = DispatchFactsReader.Wanted(lookback: lookback)
        for row in rows {
            if let campaign = row.campaignID { wanted.campaigns.insert(campaign) }
            if let content = row.plan.content { wanted.contents.insert(content) }
            if let offer = row.plan.offer { wanted.offers.insert(offer) }
        }
        return wanted
    }

    /// Those to addresses that nobody has who stands behind the customer; nearly always none.
    private func lostRoutes(
        of plan: DispatchPlan, for root: Int64, _ holdings: Set<Holding>, _ numbers: [String: Int64]
    ) -> Set<Int> {
        var lost: Set<Int> = []
        for (index, route) in plan.routes.enumerated() {
            let isHeld = numbers[route.address.uri].map { holdings.contains(Holding(root: root, address: $0)) }
            if isHeld != true { lost.insert(index) }
        }
        return lost
    }

    /// Which addresses customers have: the numbers alone, which stand together with the customers' and need no look at the
    /// addresses.
    private func holdings(of members: [Int64: Int64]) throws -> Set<Holding> {
        var holdings: Set<Holding> = []
        holdings.reserveCapacity(members.count)
        try transaction.db.each(
            "SELECT customer, address FROM customer_address WHERE customer IN (SELECT value FROM json_each(?))",
            [Bound.list(members.keys)]
        ) { row in
            guard let root = members[row[0]] else { return }
            holdings.insert(Holding(root: root, address: row[1]))
        }
        return holdings
    }

    /// The numbers of the routes' addresses, by URI: those that the rows know already, and the others looked up.
    private func numbers(_ rows: [Loaded]) throws -> [String: Int64] {
        var numbers: [String: Int64] = [:]
        numbers.reserveCapacity(rows.count)
        for row in rows where row.plan.routes.indices.contains(row.route) {
            numbers[row.plan.routes[row.route].address.uri] = row.addressID
        }
        var others: Set<String> = []
        for row in rows where row.plan.routes.count > 1 {
            for route in row.plan.routes where numbers[route.address.uri] == nil { others.insert(route.address.uri) }
        }
        if !others.isEmpty { numbers.merge(try transaction.addressIDs(others)) { known, _ in known } }
        return numbers
    }

    private func rows(_ ids: [Int64]) throws -> [Int64: Loaded] {
        var rows: [Int64: Loaded] = [:]
        rows.reserveCapacity(ids.count)
        try transaction.db.each(
            """
            SELECT d.id, d.customer, k.name, k.occurrence, d.class, d.topic, d.offer, d.content, t.routes, t.variables,
                t.inline, d.due_at, d.expires_at, d.repeats, d.route, d.attempts, d.household,
                d.address, \(DispatchRows.mayHaveArrived), d.campaign
            FROM dispatch d CROSS JOIN dispatch_content t ON t.dispatch = d.id LEFT JOIN campaign k ON k.id = d.campaign
            WHERE d.id IN (SELECT value FROM json_each(?))
            """, [Bound.list(ids)]
        ) { row in
            let name: String? = row[2]
            rows[row[0]] = Loaded(
                id: row[0],
                plan: DispatchPlan(
                    customer: CustomerID(row[1]),
                    campaign: name.map { CampaignKey(name: $0, occurrence: occurrence(row[3])) },
                    messageClass: try MessageClass(code: row[4]), topic: try transaction.text(row[5]), offer: row[6],
                    content: row[7], routes: try ContentText.routes(row[8]), variables: try FlatJSON.map(row[9]),
                    inlineContent: row[10], dueAt: row.instant(11), expiresAt: row.instant(ifAny: 12),
                    repeats: row[13]),
                route: row[14], addressID: row[17], attempts: row[15], mayHaveArrived: row[18], household: row[16],
                campaignID: row[19])
        }
        return rows
    }
}
