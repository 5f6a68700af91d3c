import GRDB
import RapportCore
import RapportLog

/// Reads and moves campaigns.
struct CampaignTable {
    let transaction: Transaction
    private var db: Database { transaction.db }

    private static let whole = """
        SELECT \(columns), d.definition FROM campaign LEFT JOIN campaign_definition d ON d.campaign = campaign.id
        """
    private static let listed = "SELECT \(columns), NULL FROM campaign"
    private static let columns = """
        name, occurrence, state, class, topic, created_at, started_at, finished_at, expires_at, note
        """

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func id(of key: CampaignKey) throws -> Int64? {
        try db.first(
            "SELECT id FROM campaign WHERE name = ? AND occurrence = ?", [key.name, key.occurrence ?? ""]
        ) { $0[0] as Int64 }
    }

    /// Whether nothing of the campaign will be sent any more.
    func isOver(_ id: Int64) throws -> Bool {
        let over: [CampaignRecord.State] = [.completed, .cancelled]
        return over.contains(try state(of: id))
    }

    /// Whether this is what the campaign says, letter by letter.
    func says(_ definition: String, _ id: Int64) throws -> Bool {
        try db.number(
            "SELECT count(*) FROM campaign_definition WHERE campaign = ? AND definition = ?", [id, definition]) > 0
    }

    private func state(of id: Int64) throws -> CampaignRecord.State {
        try CampaignRecord.State(code: db.number("SELECT state FROM campaign WHERE id = ?", [id]))
    }

    func record(_ key: CampaignKey) throws -> CampaignRecord? {
        try db.first(
            Self.whole + " WHERE name = ? AND occurrence = ?", [key.name, key.occurrence ?? ""], record)
    }

    func latest(_ limit: Int) throws -> [CampaignRecord] {
        try db.list(Self.listed + " ORDER BY id DESC LIMIT ?", [limit], record)
    }

    func sending() throws -> [CampaignKey] {
        try db.list(
            "SELECT name, occurrence FROM campaign WHERE state = ? ORDER BY id", [CampaignRecord.State.sending.code]
        ) { CampaignKey(name: $0[0], occurrence: occurrence($0[1])) }
    }

    func create(_ campaign: CampaignRecord) throws -> CampaignRecord {
        if let existing = try record(campaign.key) { return existing }
        var campaign = campaign
        campaign.state = .planning
        try db.run(
            """
            INSERT INTO campaign (name, occurrence, state, class, topic, created_at, started_at, finished_at, expires_at,
                note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                campaign.key.name, campaign.key.occurrence ?? "", campaign.state.code, campaign.messageClass.code,
                campaign.topic, campaign.createdAt.milliseconds, campaign.startedAt?.milliseconds,
                campaign.finishedAt?.milliseconds, campaign.expiresAt?.milliseconds, campaign.note,
            ])
        try db.run(
            "INSERT INTO campaign_definition (campaign, definition) VALUES (?, ?)",
            [db.lastInsertedRowID, campaign.definition])
        return campaign
    }

    func redefine(_ key: CampaignKey, as definition: String) throws -> CampaignRecord? {
        let changed = try db.change(
            """
            UPDATE campaign_definition SET definition = ?
            WHERE campaign = (
                SELECT id FROM campaign WHERE name = ? AND occurrence = ? AND state = ? AND first_row IS NULL)
            """, [definition, key.name, key.occurrence ?? "", CampaignRecord.State.planning.code])
        return changed > 0 ? try record(key) : nil
    }

    func move(
        _ key: CampaignKey, from: Set<CampaignRecord.State>, to: CampaignRecord.State,
        saying definition: String? = nil, note: String?, at now: Timestamp
    ) throws -> CampaignRecord? {
        guard let id = try id(of: key), from.contains(try state(of: id)) else { return nil }
        if let definition, try !says(definition, id) { return nil }
        let finishes = to == .completed || to == .cancelled
        try db.run(
            """
            UPDATE campaign SET state = ?, note = ?, started_at = ifnull(started_at, ?), finished_at = ? WHERE id = ?
            """,
            [
                to.code, note, to == .sending ? now.milliseconds : nil, finishes ? now.milliseconds : nil, id,
            ])
        switch to {
        case .cancelled: try cancelClaimed(of: id)
        case .paused: try TakeBack(transaction: transaction, isActive: true).dispatches(ofCampaign: id)
        case .planning, .sending, .completed: break
        }
        return try record(key)
    }

    private static let toCancelled = """
        state = \(DispatchRows.ended(.cancelled)), waiting = 0, node = NULL, rule = NULL, claimed_at = NULL
        """

    /// What is in hand and has not left: few rows, where a campaign may have a million.
    private func cancelClaimed(of id: Int64) throws {
        try db.run(
            """
            UPDATE dispatch INDEXED BY dispatch_in_hand SET \(Self.toCancelled)
            WHERE node IS NOT NULL AND campaign = ? AND state = 2
            """, [id])
    }

    /// Cancels some of the rows that wait. Nothing of a cancelled campaign is offered to a claim, and nothing waits again.
    ///
    /// - Returns: how many; fewer than `limit` when none is left.
    func cancelWaiting(of key: CampaignKey, limit: Int) throws -> Int {
        guard let id = try id(of: key) else { return 0 }
        let waiting = try db.list(
            "SELECT id FROM dispatch INDEXED BY dispatch_waiting WHERE waiting = 1 AND campaign = ? LIMIT ?",
            [id, limit]
        ) { $0[0] as Int64 }
        try db.run(
            "UPDATE dispatch SET \(Self.toCancelled) WHERE id IN (SELECT value FROM json_each(?))",
            [Bound.list(waiting)])
        return waiting.count
    }

    /// Cancelled campaigns of which rows still wait, because the cancelling goes on or was cut off.
    func halfCancelled() throws -> [CampaignKey] {
        try db.list(
            """
            SELECT name, occurrence FROM campaign
            WHERE state = ? AND EXISTS (
                SELECT 1 FROM dispatch d INDEXED BY dispatch_waiting WHERE d.waiting = 1 AND d.campaign = campaign.id)
            ORDER BY id
            """, [CampaignRecord.State.cancelled.code]
        ) { CampaignKey(name: $0[0], occurrence: occurrence($0[1])) }
    }

    /// Sending campaigns of which nothing is planned, deferred, claimed or handed off any more.
    func completeFinished(at now: Timestamp) throws -> [CampaignKey] {
        try db.list(
            """
            UPDATE campaign SET state = 3, finished_at = ?
            WHERE state = 1 AND NOT EXISTS (
                SELECT 1 FROM dispatch_tally t WHERE t.campaign = campaign.id AND t.rows > 0 AND t.state IN (0, 1))
            RETURNING name, occurrence
            """, [now.milliseconds]
        ) { CampaignKey(name: $0[0], occurrence: occurrence($0[1])) }
    }

    private func record(_ row: Row) throws -> CampaignRecord {
        CampaignRecord(
            key: CampaignKey(name: row[0], occurrence: occurrence(row[1])),
            state: try CampaignRecord.State(code: row[2]), messageClass: try MessageClass(code: row[3]), topic: row[4],
            definition: row[10], createdAt: row.instant(5), startedAt: row.instant(ifAny: 6),
            finishedAt: row.instant(ifAny: 7), expiresAt: row.instant(ifAny: 8), note: row[9])
    }
}
