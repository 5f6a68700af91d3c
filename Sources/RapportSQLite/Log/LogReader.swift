import Foundation
import GRDB
import RapportCore

/// Reads rows of the log back into values.
struct LogReader {
    let transaction: Transaction
    private let readsEffects: Bool

    /// - Parameter effects: whether rows come with what they changed.
    init(_ transaction: Transaction, effects: Bool = true) {
        self.transaction = transaction
        readsEffects = effects
    }

    private static let columns = """
        i.position, i.customer, i.channel, i.adapter, i.direction, i.kind, i.occurred_at, i.recorded_at, i.sender,
        i.recipient, i.subject, i.body, i.attributes, i.source_id, i.campaign, i.occurrence, i.dispatch,
        i.conversation, i.in_reply_to, i.effects
        """

    /// The rows of some customers, the latest first: their chains, walked together in the order of the log.
    func timeline(of customers: [Int64], before: Int64, limit: Int) throws -> [Interaction] {
        if customers.count == 1, let page = try page(of: customers[0], before: before, limit: limit) { return page }
        // The recursion takes the row with the highest position out of its queue first and stops as soon as enough
        // rows have been read. The limit that limits nothing keeps SQLite from dropping the order of the queue, as it
        // does with the order of a subquery that is joined.
        return try read(
            """
            WITH RECURSIVE chain (position, previous) AS (
                SELECT i.position, i.previous FROM interaction i
                WHERE i.position IN (SELECT value FROM json_each(?))
                UNION ALL
                SELECT i.position, i.previous FROM chain c CROSS JOIN interaction i ON i.position = c.previous
                WHERE c.previous > 0
                ORDER BY 1 DESC LIMIT -1
            )
            SELECT \(Self.columns) FROM chain c CROSS JOIN interaction i ON i.position = c.position
            WHERE c.position < ? LIMIT ?
            """, [Bound.list(try LastRows(transaction).positions(of: customers)), before, limit])
    }

    /// The rows that come before one of the customer's own, however deep in the timeline that is; `nil` when `before` is
    /// not a row of theirs, and so does not know where their chain goes on.
    private func page(of customer: Int64, before: Int64, limit: Int) throws -> [Interaction]? {
        let start = try transaction.db.first(
            "SELECT previous FROM interaction WHERE position = ? AND customer = ?", [before, customer]
        ) { $0[0] as Int64 }
        guard let start else { return nil }
        return try read(
            """
            WITH RECURSIVE chain (position, previous) AS (
                SELECT i.position, i.previous FROM interaction i WHERE i.position = ?
                UNION ALL
                SELECT i.position, i.previous FROM chain c CROSS JOIN interaction i ON i.position = c.previous
                WHERE c.previous > 0
                ORDER BY 1 DESC LIMIT ?
            )
            SELECT \(Self.columns) FROM chain c CROSS JOIN interaction i ON i.position = c.position
            """, [start, limit])
    }

    /// Every row of some customers, a page at a time: of one after the other, the latest first.
    ///
    /// To walk their chains together, each page would have to begin anew at the ends of all.
    func pages(of customers: some Sequence<Int64>, _ body: ([Interaction]) throws -> Void) throws {
        let limit = 500
        for customer in customers {
            var page = try timeline(of: [customer], before: Int64.max, limit: limit)
            try body(page)
            while let last = page.last, page.count == limit {
                page = try timeline(of: [customer], before: last.id.number, limit: limit)
                try body(page)
            }
        }
    }

    func rows(after position: Int64, limit: Int) throws -> [Interaction] {
        try read(
            "SELECT \(Self.columns) FROM interaction i WHERE i.position > ? ORDER BY i.position LIMIT ?",
            [position, limit])
    }

    func rows(at positions: [Int64]) throws -> [Interaction] {
        try read(
            """
            SELECT \(Self.columns) FROM interaction i
            WHERE i.position IN (SELECT value FROM json_each(?)) ORDER BY i.position
            """, [Bound.list(positions)])
    }

    func payload(of position: Int64) throws -> Interaction.Payload? {
        try transaction.db.first("SELECT type, size, bytes FROM payload WHERE position = ?", [position]) { row in
            let data: Data = row[2]
            guard let size = row[1] as Int? else { return Interaction.Payload(type: row[0], bytes: Array(data)) }
            return Interaction.Payload(type: row[0], bytes: try Deflate.expand(data, size: size))
        }
    }

    private func read(_ sql: String, _ arguments: [(any Bindable)?]) throws -> [Interaction] {
        try transaction.db.list(sql, arguments, interaction)
    }

    private func interaction(_ row: Row) throws -> Interaction {
        let kind: String = try transaction.text(row[5])
        guard let kind = InteractionKind(rawValue: kind) else { throw UnknownCode(type: "kind", code: row[5]) }
        return Interaction(
            id: InteractionID(row[0]), customer: (row[1] as Int64?).map(CustomerID.init),
            channel: try Channel(code: row[2]), adapter: try transaction.text(row[3]),
            direction: try Direction(code: row[4]), kind: kind, occurredAt: row.instant(6), recordedAt: row.instant(7),
            from: row[8], to: row[9], subject: row[10], text: row[11], attributes: try FlatJSON.map(row[12]),
            sourceID: row[13],
            references: Interaction.References(
                campaign: try transaction.text(ifAny: row[14]), occurrence: try transaction.text(ifAny: row[15]),
                dispatch: (row[16] as Int64?).map(DispatchID.init), conversation: row[17],
                inReplyTo: (row[18] as Int64?).map(InteractionID.init)),
            effects: readsEffects ? try EffectText.decode(row[19]) : [])
    }
}
