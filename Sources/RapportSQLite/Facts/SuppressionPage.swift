import GRDB
import RapportCore
import RapportLog

/// Lists suppressions page by page, by the primary key of their table, from its end.
struct SuppressionPage {
    let transaction: Transaction
    let filter: SuppressionFilter

    init(_ transaction: Transaction, _ filter: SuppressionFilter) {
        self.transaction = transaction
        self.filter = filter
    }

    func rows(before: EntryID?, limit: Int) throws -> [Suppression] {
        let end = before ?? EntryID(position: .max, ordinal: .max)
        return try transaction.db.list(
            """
            SELECT s.position, s.ordinal, s.reason, s.at, s.until, a.uri,
                (SELECT ca.deliverable FROM customer_address ca INDEXED BY customer_address_by_address
                    WHERE ca.address = s.address AND ca.deliverable IS NOT NULL
                    ORDER BY ca.position DESC LIMIT 1)
            FROM suppression s CROSS JOIN address a ON a.id = s.address
            WHERE (s.position, s.ordinal) < (?1, ?2)
                AND (?3 IS NULL OR s.reason = ?3)
                AND (?4 IS NULL OR s.until IS NULL OR s.until > ?4)
                AND substr(a.uri, 1, length(?5)) <> ?5
            ORDER BY s.position DESC, s.ordinal DESC LIMIT ?6
            """,
            [
                end.position, end.ordinal, filter.reason?.rawValue, filter.activeAt?.milliseconds, Pseudonyms.prefix,
                limit,
            ], suppression)
    }

    private func suppression(_ row: Row) throws -> Suppression {
        let word: String = row[2]
        guard let reason = Suppression.Reason(rawValue: word) else {
            throw UnknownCode(type: "suppression", code: row[0])
        }
        return Suppression(
            id: EntryID(position: row[0], ordinal: row[1]), address: try row.address(5, deliverable: 6),
            reason: reason, at: row.instant(3), until: row.instant(ifAny: 4))
    }
}
