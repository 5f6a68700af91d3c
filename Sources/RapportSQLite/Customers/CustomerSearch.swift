import GRDB
import RapportCore
import RapportLog

/// Finds customers by what somebody types, and pages of audiences.
struct CustomerSearch {
    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// By name and by address, with the scheme or without it.
    func search(_ prefix: String, limit: Int) throws -> [Customer] {
        let text = prefix.lowercased()
        guard !text.isEmpty, limit > 0 else { return [] }
        // `text` followed by the last code point comes after everything that begins with it.
        let end = "\u{10FFFF}"
        var roots = try db.list(
            """
            SELECT DISTINCT root FROM customer
            WHERE name_key >= ?1 AND name_key < ?1 || ?2 AND erased = 0 ORDER BY name_key LIMIT ?3
            """, [text, end, limit]
        ) { $0[0] as Int64 }
        for start in [text] + Address.Scheme.allCases.map({ "\($0.rawValue):\(text)" }) where roots.count < limit {
            roots += try db.list(
                """
                SELECT DISTINCT c.root
                FROM address a CROSS JOIN customer_address ca ON ca.address = a.id
                    CROSS JOIN customer c ON c.id = ca.customer
                WHERE a.uri >= ?1 AND a.uri < ?1 || ?2 LIMIT ?3
                """, [start, end, limit]
            ) { $0[0] as Int64 }
        }
        var seen: Set<Int64> = []
        let found = Array(roots.filter { seen.insert($0).inserted }.prefix(limit))
        let customers = try CustomerReader(transaction).shown(found).customers
        return found.compactMap { customers[$0] }
    }

    /// Customers that stand for themselves and are not erased, in order of id.
    func audience(_ filter: AudienceFilter, after: Int64, limit: Int) throws -> [Customer] {
        var conditions = ["c.id > ?", "c.merged_into IS NULL", "c.erased = 0"]
        var arguments: [(any Bindable)?] = [after]
        for tag in filter.tags.sorted() {
            conditions.append("EXISTS (SELECT 1 FROM json_each(c.tags) WHERE value = ?)")
            arguments += [tag]
        }
        for tag in filter.withoutTags.sorted() {
            conditions.append("NOT EXISTS (SELECT 1 FROM json_each(c.tags) WHERE value = ?)")
            arguments += [tag]
        }
        for (key, value) in filter.attributes.sorted(by: { $0.key < $1.key }) {
            conditions.append("EXISTS (SELECT 1 FROM json_each(c.attributes) WHERE key = ? AND value = ?)")
            arguments += [key, value]
        }
        if !filter.languages.isEmpty {
            conditions.append("c.language IN (SELECT value FROM json_each(?))")
            arguments += [Bound.list(filter.languages)]
        }
        arguments += [max(0, limit)]
        let ids = try db.list(
            "SELECT c.id FROM customer c WHERE \(conditions.joined(separator: " AND ")) ORDER BY c.id LIMIT ?",
            arguments
        ) { $0[0] as Int64 }
        let customers = try CustomerReader(transaction).standing(for: ids).customers
        return ids.compactMap { customers[$0] }
    }
}
