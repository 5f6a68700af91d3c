import GRDB
import RapportCore

/// What belongs to the customer that is being erased.
struct EraserScope {
    private let transaction: Transaction
    private let members: [Int64]
    private let family: String
    private var db: Database { transaction.db }

    init(_ transaction: Transaction, _ family: [Int64]) {
        self.transaction = transaction
        members = family
        self.family = Bound.list(family)
    }

    /// Every address that the customer has or had, as far as anything knows it, and that nobody else has.
    func addresses() throws -> Set<String> {
        Set(
            try db.list(
                """
                WITH mine (address) AS (
                    SELECT address FROM customer_address WHERE customer IN (SELECT value FROM json_each(?1))
                    UNION SELECT address FROM consent
                        WHERE customer IN (SELECT value FROM json_each(?1)) AND address IS NOT NULL
                    UNION SELECT address FROM dispatch WHERE customer IN (SELECT value FROM json_each(?1))
                    UNION SELECT id FROM address WHERE uri IN (SELECT value FROM json_each(?2))
                )
                SELECT a.uri FROM mine m CROSS JOIN address a ON a.id = m.address
                WHERE NOT EXISTS (
                    SELECT 1 FROM customer_address o
                    WHERE o.address = a.id AND o.customer NOT IN (SELECT value FROM json_each(?1)))
                """, [family, Bound.list(try namedInEffects())]
            ) { $0[0] as String }
        ).filter { !Pseudonyms.isPseudonym($0) }
    }

    /// Those who are erased already and once had one of the addresses, as far as messages tell: to an address that somebody
    /// else had as well, those for the ones with whom they had been one stayed when they were erased.
    func erasedBefore(at addresses: Set<String>) throws -> [Int64] {
        let recipients = try db.list(
            """
            SELECT DISTINCT c.id, c.erased
            FROM address a CROSS JOIN dispatch d INDEXED BY dispatch_by_address ON d.address = a.id
                CROSS JOIN customer c ON c.id = d.customer
            WHERE a.uri IN (SELECT value FROM json_each(?)) AND c.id NOT IN (SELECT value FROM json_each(?))
            """, [Bound.list(addresses), family]
        ) { (id: $0[0] as Int64, isErased: $0[1] as Bool) }
        var erased: Set<Int64> = []
        for recipient in recipients {
            if recipient.isErased {
                erased.insert(recipient.id)
            } else {
                erased.formUnion(try FormerFamily(transaction, of: [recipient.id]).erased)
            }
        }
        return erased.subtracting(members).sorted()
    }

    /// Addresses that rows of the customer's speak of and that no projection may tie to the customer any more.
    private func namedInEffects() throws -> Set<String> {
        var named: Set<String> = []
        try LogReader(transaction).pages(of: members) { rows in
            for effect in rows.flatMap(\.effects) {
                switch effect {
                case .addressAttached(_, let address), .addressDetached(_, let address),
                    .suppressionLifted(let address, _):
                    named.insert(address.uri)
                case .suppressed(let suppression): named.insert(suppression.address.uri)
                default: break
                }
            }
        }
        return named
    }

    /// What the customer forbade at addresses that stay with somebody else, the latest word on each.
    func inheritedDenials() throws -> [ConsentEntry] {
        var latest: [ConsentEntry] = []
        for entry in try ConsentReader(transaction).entries(of: members) {
            guard let entry = try transaction.inherited(entry, from: members) else { continue }
            latest.removeAll {
                ($0.address, $0.topic, $0.channel) == (entry.address, entry.topic, entry.channel) && $0.at <= entry.at
            }
            latest.append(entry)
        }
        return latest
    }

    /// How many rows the projections have of the customer.
    func counts() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for (table, condition) in [
            ("customer", "erased = 0 AND id"), ("customer_address", "customer"), ("consent", "customer"),
            ("follow_up", "customer"), ("response", "customer"),
        ] {
            counts[table] = Int(
                try db.number(
                    "SELECT count(*) FROM \(table) WHERE \(condition) IN (SELECT value FROM json_each(?))", [family]))
        }
        return counts
    }
}
