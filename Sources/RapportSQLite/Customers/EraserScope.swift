import GRDB
import RapportCore

/// What belongs to the customer that is being erased.
struct EraserScope {
    struct Addresses {
        /// All of them: each gets a keyed hash that suppresses it.
        var all: Set<String>
        /// Those that no other customer has: their rows go.
        var own: Set<String>
    }

    private let transaction: Transaction
    private let family: String
    private var db: Database { transaction.db }

    init(_ transaction: Transaction, _ family: [Int64]) {
        self.transaction = transaction
        self.family = Bound.list(family)
    }

    func addresses() throws -> Addresses {
        var addresses = Addresses(all: [], own: [])
        try db.each(
            """
            SELECT DISTINCT a.uri, EXISTS (
                SELECT 1 FROM customer_address o
                WHERE o.address = ca.address AND o.customer NOT IN (SELECT value FROM json_each(?1)))
            FROM customer_address ca CROSS JOIN address a ON a.id = ca.address
            WHERE ca.customer IN (SELECT value FROM json_each(?1))
            """, [family]
        ) { row in
            addresses.all.insert(row[0])
            if !(row[1] as Bool) { addresses.own.insert(row[0]) }
        }
        return addresses
    }

    /// How many rows the projections have of the customer.
    func counts() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for (table, column) in [
            ("customer", "id"), ("customer_address", "customer"), ("consent", "customer"), ("follow_up", "customer"),
            ("response", "customer"),
        ] {
            counts[table] = Int(
                try db.number(
                    "SELECT count(*) FROM \(table) WHERE \(column) IN (SELECT value FROM json_each(?))", [family]))
        }
        return counts
    }
}
