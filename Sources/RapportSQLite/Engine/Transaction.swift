import GRDB
import RapportCore

/// One consistent view of the store, in which everything below reads and, in a writing transaction, writes.
///
/// It holds nothing that another process could change, and is never kept beyond the transaction.
struct Transaction {
    let db: Database
    let words: Words
    let pseudonyms: Pseudonyms
    let recentRows: RecentRows
    /// Where changes of facts are noted; `nil` where nothing is written to the store.
    var changes: FactsChanges?

    func word(_ text: String) throws -> Int64 { try words.id(of: text, db) }
    func word(ifAny text: String?) throws -> Int64? { try words.id(ifAny: text, db) }
    func text(_ word: Int64) throws -> String { try words.text(word, db) }
    func text(ifAny word: Int64?) throws -> String? { try words.text(ifAny: word, db) }

    func lastPosition() throws -> Int64 {
        try db.number("SELECT max(position) FROM interaction")
    }

    /// The number of an address, which is written down when it is new.
    func addressID(_ uri: String) throws -> Int64 {
        if let id = try db.first("SELECT id FROM address WHERE uri = ?", [uri], { $0[0] as Int64 }) { return id }
        try db.run("INSERT INTO address (uri) VALUES (?)", [uri])
        return db.lastInsertedRowID
    }

    func addressID(ifAny address: Address?) throws -> Int64? {
        try address.map { try addressID($0.uri) }
    }

    /// Numbers of the addresses that are known.
    func addressIDs(_ uris: some Sequence<String>) throws -> [String: Int64] {
        var ids: [String: Int64] = [:]
        try db.each("SELECT uri, id FROM address WHERE uri IN (SELECT value FROM json_each(?))", [Bound.list(uris)]) {
            ids[$0[0]] = $0[1]
        }
        return ids
    }

    /// The customers that stand for these; unknown ones are left out.
    func roots(_ ids: some Sequence<Int64>) throws -> [Int64: Int64] {
        var roots: [Int64: Int64] = [:]
        try db.each("SELECT id, root FROM customer WHERE id IN (SELECT value FROM json_each(?))", [Bound.list(ids)]) {
            roots[$0[0]] = $0[1]
        }
        return roots
    }

    /// Each of these customers with those merged into it: member -> root.
    func members(of roots: some Collection<Int64>) throws -> [Int64: Int64] {
        var members = Dictionary(roots.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
        try db.each(
            """
            SELECT id, root FROM customer
            WHERE merged_into IS NOT NULL AND root IN (SELECT value FROM json_each(?))
            """, [Bound.list(roots)]
        ) { members[$0[0]] = $0[1] }
        return members
    }

    /// The ids that stand for the same customer as this one, in order; none for an unknown id.
    func family(of customer: CustomerID) throws -> [Int64] {
        guard let root = try roots([customer.number])[customer.number] else { return [] }
        return try members(of: [root]).keys.sorted()
    }
}
