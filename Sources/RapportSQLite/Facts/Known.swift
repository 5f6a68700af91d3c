import RapportCore
import RapportLog

/// What the numbers in a batch of rows stand for, so that it is looked up once for the batch and not for every row.
struct Known {
    private let transaction: Transaction
    /// Customer -> the one that stands for it.
    private var roots: [Int64: Int64]
    private var addresses: [Int64: Address]
    private var campaigns: [Int64: CampaignKey] = [:]

    /// - Parameters:
    ///   - roots: those that are known already; likewise `addresses`, by number.
    init(_ transaction: Transaction, roots: [Int64: Int64] = [:], addresses: [Int64: Address] = [:]) {
        self.transaction = transaction
        self.roots = roots
        self.addresses = addresses
    }

    /// Looks up those that are not known yet.
    mutating func learn(customers: some Sequence<Int64>) throws {
        let missing = Set(customers.lazy.filter { [roots] in roots[$0] == nil })
        if !missing.isEmpty { roots.merge(try transaction.roots(missing)) { first, _ in first } }
    }

    mutating func learn(addresses numbers: some Sequence<Int64>) throws {
        let missing = Set(numbers.lazy.filter { [addresses] in addresses[$0] == nil })
        guard !missing.isEmpty else { return }
        try transaction.db.each(
            "SELECT id, uri FROM address WHERE id IN (SELECT value FROM json_each(?))", [Bound.list(missing)]
        ) { addresses[$0[0]] = try $0.address(1) }
    }

    mutating func learn(campaigns numbers: some Sequence<Int64>) throws {
        let missing = Set(numbers.lazy.filter { [campaigns] in campaigns[$0] == nil })
        guard !missing.isEmpty else { return }
        try transaction.db.each(
            "SELECT id, name, occurrence FROM campaign WHERE id IN (SELECT value FROM json_each(?))",
            [Bound.list(missing)]
        ) { campaigns[$0[0]] = CampaignKey(name: $0[1], occurrence: occurrence($0[2])) }
    }

    func root(of customer: Int64) throws -> Int64 { try found(roots[customer], "customer", customer) }
    func address(_ number: Int64) throws -> Address { try found(addresses[number], "address", number) }
    func campaign(_ number: Int64) throws -> CampaignKey { try found(campaigns[number], "campaign", number) }

    /// The schema's foreign keys promise that everything is there.
    private func found<T>(_ value: T?, _ type: String, _ number: Int64) throws -> T {
        guard let value else { throw UnknownCode(type: type, code: number) }
        return value
    }
}
