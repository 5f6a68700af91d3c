import GRDB
import RapportCore
import RapportLog

/// Reads what an event needs to know of the dispatch that it is about.
struct DispatchSummaries {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// By id, with the customer that now stands for the one it was planned for.
    func summaries(_ ids: some Collection<Int64>) throws -> [Int64: DispatchSummary] {
        var summaries: [Int64: DispatchSummary] = [:]
        try transaction.db.each(
            """
            SELECT d.id, c.root, a.uri, d.channel, d.adapter, d.class, d.topic, k.name, k.occurrence, d.state, d.route,
                iif(d.route > 0, (SELECT routes FROM dispatch_content WHERE dispatch = d.id), NULL)
            FROM dispatch d CROSS JOIN customer c ON c.id = d.customer CROSS JOIN address a ON a.id = d.address
                LEFT JOIN campaign k ON k.id = d.campaign
            WHERE d.id IN (SELECT value FROM json_each(?))
            """, [Bound.list(ids)]
        ) { row in
            let route: Int = row[10]
            let routes = try (row[11] as String?).map { try ContentText.routes($0) } ?? []
            summaries[row[0]] = DispatchSummary(
                id: DispatchID(row[0]), customer: CustomerID(row[1]), address: try row.address(2),
                channel: try Channel(code: row[3]), adapter: try transaction.text(row[4]),
                messageClass: try MessageClass(code: row[5]), topic: try transaction.text(row[6]), campaign: row[7],
                occurrence: occurrence(row[8]), state: try DispatchState(code: row[9]), route: route,
                earlier: Array(routes.prefix(route)))
        }
        return summaries
    }
}
