import GRDB
import RapportCore
import RapportLog

/// Reads what customers are waiting for.
struct FollowUpReader {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    private static let columns = """
        SELECT id, customer, kind, closed, summary, owner, opened_at, due_at, closed_at, resolution, conversation
        FROM follow_up
        """

    func followUp(_ id: FollowUpID) throws -> FollowUp? {
        try transaction.db.first(Self.columns + " WHERE id = ?", [id.number], followUp)
    }

    /// By due time, those without one last, then by age: so the overdue ones come first, whatever the time is.
    func list(_ filter: FollowUpFilter, limit: Int) throws -> [FollowUp] {
        let family = try filter.customer.map { try transaction.family(of: $0) }
        return try list(filter, of: family, limit: limit)
    }

    /// - Parameter family: whose, all ids that stand for the same customer, in place of the filter's; `nil`: everybody's.
    func list(_ filter: FollowUpFilter, of family: [Int64]?, limit: Int) throws -> [FollowUp] {
        var conditions = ["true"]
        var arguments: [(any Bindable)?] = []
        if let state = filter.state {
            conditions.append(state == .open ? "closed = 0" : "closed = 1")
        }
        if let owner = filter.owner {
            conditions.append("owner = ?")
            arguments += [owner]
        }
        if let family {
            conditions.append("customer IN (SELECT value FROM json_each(?))")
            arguments += [Bound.list(family)]
        }
        if let due = filter.dueBefore {
            conditions.append("due_at < ?")
            arguments += [due.milliseconds]
        }
        arguments += [limit]
        return try transaction.db.list(
            Self.columns
                + " WHERE \(conditions.joined(separator: " AND ")) ORDER BY due_at IS NULL, due_at, id LIMIT ?",
            arguments, followUp)
    }

    private func followUp(_ row: Row) throws -> FollowUp {
        FollowUp(
            id: FollowUpID(row[0]), customer: CustomerID(row[1]), kind: row[2], state: row[3] ? .closed : .open,
            summary: row[4], owner: row[5], openedAt: row.instant(6), dueAt: row.instant(ifAny: 7),
            closedAt: row.instant(ifAny: 8), resolution: row[9], conversation: row[10])
    }
}
