import GRDB
import RapportCore

/// What is left to do of erasures: rows without a customer name an address only in their source's words, so that all of
/// them have to be looked at.
struct PendingErasures {
    /// One erasure and how far it came.
    struct Pending: Hashable, Sendable {
        var customer: Int64
        var addresses: Set<String>
        var first: Int64
        /// The row of nobody to look at next; they are followed from the last to the first.
        var next: Int64
    }

    private let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Takes down that the rows of nobody up to now have to be looked through for these addresses, besides those of an
    /// earlier erasure that is not finished.
    func begin(_ customer: Int64, _ addresses: Set<String>) throws {
        guard !addresses.isEmpty, let last = try LastRows(transaction).positions(of: [0]).first else { return }
        let earlier = try all().first { $0.customer == customer }?.addresses ?? []
        try db.run(
            "INSERT OR REPLACE INTO erasure (customer, addresses, first, next) VALUES (?1, ?2, ?3, ?3)",
            [customer, Bound.list(addresses.union(earlier).sorted()), last])
    }

    func all() throws -> [Pending] {
        try db.list("SELECT customer, addresses, first, next FROM erasure ORDER BY customer") { row in
            Pending(
                customer: row[0], addresses: Set(try FlatJSON.strings(row[1])), first: row[2], next: row[3])
        }
    }

    /// Empties some rows of nobody, of those that `NobodysRows` found.
    func scrub(_ positions: some Sequence<Int64>, for pending: Pending) throws -> LogScrubber.Count {
        let family = Set(try transaction.family(of: CustomerID(pending.customer)))
        return try LogScrubber(transaction, family: family, addresses: pending.addresses).scrub(rowsOfNobody: positions)
    }

    /// Changes nothing when somebody else is further, or the customer was erased again with more addresses.
    ///
    /// - Parameter next: where to go on; 0 when all rows were looked at, and then the addresses are forgotten.
    func move(_ pending: Pending, to next: Int64) throws {
        let same: [(any Bindable)?] = [pending.customer, pending.first, Bound.list(pending.addresses.sorted())]
        if next > 0 {
            try db.run(
                "UPDATE erasure SET next = ?4 WHERE customer = ?1 AND first = ?2 AND addresses = ?3 AND next > ?4",
                same + [next])
        } else {
            try db.run("DELETE FROM erasure WHERE customer = ?1 AND first = ?2 AND addresses = ?3", same)
        }
    }
}
