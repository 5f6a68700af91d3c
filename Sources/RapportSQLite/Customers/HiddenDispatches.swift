import GRDB
import RapportCore

/// Messages to an address that only an erased customer had: it stands under its pseudonym in them, though some were
/// planned for others, with whom the customer was one then. What is said of such a message later is written without
/// what would bring the customer's data back into the rows of these.
struct HiddenDispatches {
    private struct Hidden {
        /// Who stands for whoever the message was planned for.
        let root: Int64
        /// Whether it goes to the address now; it may have left it for another one.
        let isThere: Bool
    }

    private let transaction: Transaction
    private var isAnybodyErased: Bool?
    private var lookedUp: Set<Int64> = []
    private var hidden: [Int64: Hidden] = [:]

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Those that were looked up and go to such an address now.
    var there: [Int64] { hidden.filter(\.value.isThere).map(\.key) }

    /// Looks all of these up at once.
    mutating func lookUp(_ dispatches: some Sequence<Int64>) throws {
        if isAnybodyErased == nil { isAnybodyErased = try transaction.isAnybodyErased() }
        guard isAnybodyErased == true else { return }
        let new = Set(dispatches).subtracting(lookedUp)
        guard !new.isEmpty else { return }
        lookedUp.formUnion(new)
        try transaction.db.each(
            """
            SELECT d.id, (SELECT root FROM customer WHERE id = d.customer), instr(a.uri, ?2) = 1
            FROM json_each(?1) j CROSS JOIN dispatch d ON d.id = j.value CROSS JOIN address a ON a.id = d.address
            WHERE instr(a.uri, ?2) = 1 OR (d.route > 0 AND EXISTS (
                SELECT 1 FROM dispatch_content t WHERE t.dispatch = d.id AND instr(t.routes, char(9) || ?2) > 0))
            """, [Bound.list(new), Pseudonyms.prefix]
        ) { row in
            hidden[row[0]] = Hidden(root: row[1], isThere: row[2])
        }
    }

    /// Looks up the messages of rows that are to come, all at once.
    mutating func expect(_ rows: some Sequence<Interaction>) throws {
        let dispatches = rows.compactMap { $0.references.dispatch?.number }
        if dispatches.count > 1 { try lookUp(dispatches) }
    }

    /// The row as it may be written.
    mutating func redacted(_ row: Interaction) throws -> Interaction {
        guard let dispatch = row.references.dispatch?.number else { return row }
        try lookUp(CollectionOfOne(dispatch))
        guard let found = hidden[dispatch], try isTheirs(row, found) else { return row }
        return try Redaction(transaction).rowOfAnother(row)
    }

    /// Empties a receipt of nobody's that was parked until its message was known: had it come later, it would have been
    /// written without what it says.
    mutating func empty(parked receipt: Int64, of dispatch: Int64) throws {
        try lookUp(CollectionOfOne(dispatch))
        guard let found = hidden[dispatch], let row = try LogReader(transaction).rows(at: [receipt]).first,
            row.customer == nil, try isTheirs(row, found)
        else { return }
        _ = try LogScrubber(transaction, family: [], addresses: []).scrub(rowsOfNobody: [receipt])
    }

    /// A row of somebody else, as of one who came to have the address since, is not about the erased customer; nor is
    /// what came of a message over another address of whoever it was planned for.
    private func isTheirs(_ row: Interaction, _ found: Hidden) throws -> Bool {
        if let customer = row.customer?.number {
            guard try transaction.roots([customer])[customer] == found.root else { return false }
        }
        guard !found.isThere else { return true }
        let written = WrittenAddresses(
            uris: try transaction.db.list(
                """
                SELECT a.uri FROM customer_address ca CROSS JOIN address a ON a.id = ca.address
                WHERE ca.customer IN (SELECT value FROM json_each(?))
                """, [Bound.list(try transaction.members(of: [found.root]).keys)]
            ) { $0[0] as String })
        return !written.contain(row.from) && !written.contain(row.to)
    }
}

extension Transaction {
    func isAnybodyErased() throws -> Bool {
        try db.first("SELECT 1 FROM customer INDEXED BY customer_erased WHERE erased = 1 LIMIT 1") { _ in
            true
        } ?? false
    }
}
