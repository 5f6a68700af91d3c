import GRDB

/// Rows of customers that refer to one of some messages, close or assign a follow-up, or came in in one of some
/// conversations: what is said of a thing may come long after it. Nothing else of the time since is decoded.
///
/// The customers may have had thousands of others since. So their chains are followed beside the writers first, in a
/// snapshot; the transaction that needs the rows follows only what has come after that.
struct LaterRows: Sendable {
    /// What is looked for.
    struct Wanted: Sendable {
        var dispatches: Set<Int64>
        var conversations: Set<String>
        /// The customers, each with the row from which on.
        var since: [Int64: Int64]
    }

    /// In no order.
    let positions: [Int64]
    private let wanted: Wanted
    /// The last row of the log that was there.
    private let last: Int64

    /// - Parameter ahead: what was found before; `nil`: nothing.
    init(_ transaction: Transaction, _ wanted: Wanted, ahead: LaterRows?) throws {
        var positions: [Int64] = []
        var next: Int64 = 1
        if let ahead, ahead.covers(wanted) {
            positions = ahead.positions
            next = ahead.last + 1
        }
        for (customer, since) in wanted.since {
            positions += try Self.follow(transaction, customer, downTo: max(next, since), wanted)
        }
        self.positions = positions
        self.wanted = wanted
        last = try transaction.lastPosition()
    }

    /// Whether all that is wanted was looked for. What was found besides does no harm.
    private func covers(_ other: Wanted) -> Bool {
        other.dispatches.isSubset(of: wanted.dispatches) && other.conversations.isSubset(of: wanted.conversations)
            && other.since.allSatisfy { customer, since in wanted.since[customer].map { $0 <= since } ?? false }
    }

    private static func follow(
        _ transaction: Transaction, _ customer: Int64, downTo floor: Int64, _ wanted: Wanted
    ) throws -> [Int64] {
        guard let last = try LastRows(transaction).positions(of: [customer]).first, last >= floor else { return [] }
        let isWanted = """
            i.dispatch IN (SELECT value FROM json_each(?3)) OR instr(i.effects, '"followUp') > 0
                OR (i.direction = 0 AND i.conversation IN (SELECT value FROM json_each(?4)))
            """
        return try transaction.db.list(
            """
            WITH RECURSIVE chain (position, previous, wanted) AS (
                SELECT i.position, i.previous, \(isWanted) FROM interaction i WHERE i.position = ?1
                UNION ALL
                SELECT i.position, i.previous, \(isWanted)
                FROM chain c CROSS JOIN interaction i ON i.position = c.previous WHERE c.previous >= ?2
            )
            SELECT position FROM chain WHERE wanted
            """, [last, floor, Bound.list(wanted.dispatches), Bound.list(wanted.conversations)]
        ) { $0[0] as Int64 }
    }
}
