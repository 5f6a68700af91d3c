import GRDB
import RapportCore
import RapportLog

/// Adds up where a campaign's messages stand, from counters and not from its rows.
struct CampaignReader {
    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func progress(_ key: CampaignKey, at now: Timestamp) throws -> CampaignProgress {
        guard let id = try CampaignTable(transaction).id(of: key) else { return CampaignProgress() }
        var progress = CampaignProgress()
        try db.each(
            """
            SELECT state, rule, sum(rows) FROM dispatch_count WHERE campaign = ? GROUP BY state, rule
            HAVING sum(rows) > 0
            """, [id]
        ) { row in
            let state = try DispatchState(code: row[0])
            let rule: String = row[1]
            let count: Int = row[2]
            progress.planned += count
            progress.states[state, default: 0] += count
            switch state {
            case .skipped: progress.skipped[rule, default: 0] += count
            case .deferred: progress.deferred[rule, default: 0] += count
            case .failed: progress.failed[rule, default: 0] += count
            default: break
            }
        }
        progress.responded = Int(
            try db.number(
                """
                SELECT count(DISTINCT c.root)
                FROM response r CROSS JOIN customer c ON c.id = r.customer JOIN campaign k ON k.id = ?2
                WHERE r.campaign = ?1 AND r.at >= k.created_at
                    AND EXISTS (SELECT 1 FROM dispatch d WHERE d.campaign = ?2 AND d.customer IN (r.customer, c.root))
                """, [key.name, id]))
        progress.lastMinute = Int(
            try db.number(
                "SELECT sum(rows) FROM departure WHERE campaign = ? AND second > ?", [id, now.seconds - 60]))
        progress.nextDue = try WaitingQueue(transaction).nextDue(ofCampaign: id)
        return progress
    }
}
