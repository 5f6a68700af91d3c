import GRDB
import RapportCore
import RapportLog

/// Settles what nodes that are gone had in hand.
struct Recoverer {
    private struct Lost {
        var id: Int64
        var customer: Int64
        var channel: Int64
        var campaign: CampaignKey?
        /// Whether it is to be sent again; there is nothing left to send to a customer who was erased, and nothing to be
        /// sent for a campaign that was cancelled.
        var repeats: Bool
    }

    /// Silent nodes are listed this long before they are forgotten.
    private static let keptSeconds: Int64 = 86_400

    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func recover(node: Int64, at now: Timestamp) throws -> Recovery {
        let silence = now.adding(seconds: -NodeRecord.silenceSeconds).milliseconds
        // Rows of living nodes are left alone, but for those that the asking node had before it started.
        let inHand = try db.list(
            """
            SELECT d.id, d.state FROM dispatch d INDEXED BY dispatch_in_hand LEFT JOIN node n ON n.number = d.node
            WHERE d.node IS NOT NULL
                AND (n.number IS NULL OR (n.number = ?1 AND d.claimed_at < n.started_at)
                    OR (n.number <> ?1 AND n.seen_at <= ?2))
            ORDER BY d.id
            """, [node, silence]
        ) { (id: $0[0] as Int64, state: try DispatchState(code: $0[1])) }
        let claimed = inHand.filter { $0.state == .claimed }
        for row in claimed { try DispatchRows(transaction).wait(row.id, .planned, until: nil, rule: nil, detail: nil) }
        let lost = try lost(inHand.filter { $0.state == .handedOff }.map(\.id))
        var log = try LogAppender(transaction)
        for row in lost {
            let position = log.firstFreePosition
            try log.append(note(row, position, at: now))
            guard row.repeats else { continue }
            try DispatchRows(transaction).wait(row.id, .planned, until: now, rule: nil, detail: nil)
        }
        try log.finish()
        try db.run(
            "DELETE FROM node WHERE number <> ? AND seen_at < ?",
            [node, now.adding(seconds: -Self.keptSeconds).milliseconds])
        return Recovery(released: claimed.count, unknown: lost.count, repeated: lost.count(where: \.repeats))
    }

    private func lost(_ ids: [Int64]) throws -> [Lost] {
        try db.list(
            """
            SELECT d.id, c.root, d.channel, k.name, k.occurrence,
                d.repeats AND NOT c.erased AND k.state IS NOT ?
            FROM dispatch d CROSS JOIN customer c ON c.id = d.customer LEFT JOIN campaign k ON k.id = d.campaign
            WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY d.id
            """, [CampaignRecord.State.cancelled.code, Bound.list(ids)]
        ) { row in
            let name: String? = row[3]
            return Lost(
                id: row[0], customer: row[1], channel: row[2],
                campaign: name.map { CampaignKey(name: $0, occurrence: occurrence(row[4])) }, repeats: row[5])
        }
    }

    private func note(_ row: Lost, _ position: Int64, at now: Timestamp) throws -> Interaction {
        let id = DispatchID(row.id)
        return Interaction(
            id: InteractionID(position), customer: CustomerID(row.customer), channel: try Channel(code: row.channel),
            adapter: "hub", direction: .internal, kind: .deliveryUnknown, occurredAt: now, recordedAt: now,
            attributes: row.repeats ? ["repeated": "true"] : [:],
            references: Interaction.References(
                campaign: row.campaign?.name, occurrence: row.campaign?.occurrence, dispatch: id),
            effects: [.dispatchAdvanced(id, .unknown)])
    }
}
