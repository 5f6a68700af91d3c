import GRDB
import RapportCore
import RapportLog

/// Reads dispatches as reports show them.
struct DispatchReader {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    private static let columns = """
        SELECT d.id, d.customer, k.name, k.occurrence, d.channel, d.adapter, a.uri, d.class, d.topic, d.state, d.rule,
            d.rule_evidence, d.policy_version, d.attempts, d.due_at, d.claimed_at, d.detail
        FROM dispatch d CROSS JOIN address a ON a.id = d.address LEFT JOIN campaign k ON k.id = d.campaign
        """

    func rows(
        of key: CampaignKey, states: Set<DispatchState>, after: DispatchID?, limit: Int
    ) throws -> [DispatchRow] {
        // A campaign's rows lie close together: reading them by id needs no index of its own.
        let range = try transaction.db.first(
            "SELECT id, first_row, last_row FROM campaign WHERE name = ? AND occurrence = ?",
            [key.name, key.occurrence ?? ""]
        ) { (id: $0[0] as Int64, first: $0[1] as Int64?, last: $0[2] as Int64?) }
        guard let range, let first = range.first, let last = range.last else { return [] }
        return try transaction.db.list(
            Self.columns + """
                 WHERE d.id > ? AND d.id <= ? AND +d.campaign = ? AND d.state IN (SELECT value FROM json_each(?))
                ORDER BY d.id LIMIT ?
                """,
            [max(first - 1, after?.number ?? 0), last, range.id, Bound.list(states.map(\.code)), limit], row)
    }

    func row(_ id: DispatchID) throws -> DispatchRow? {
        try transaction.db.first(Self.columns + " WHERE d.id = ?", [id.number], row)
    }

    func routes(of id: DispatchID) throws -> [Route] {
        let text = try transaction.db.first(
            "SELECT routes FROM dispatch_content WHERE dispatch = ?", [id.number]
        ) { $0[0] as String }
        return try ContentText.routes(text ?? "")
    }

    /// The latest first.
    func rows(ofCustomers customers: some Collection<Int64>, limit: Int) throws -> [DispatchRow] {
        try transaction.db.list(
            Self.columns + """
                 WHERE d.customer IN (SELECT value FROM json_each(?)) ORDER BY d.id DESC LIMIT ?
                """, [Bound.list(customers), limit], row)
    }

    private func row(_ row: Row) throws -> DispatchRow {
        let name: String? = row[2]
        return DispatchRow(
            id: DispatchID(row[0]), customer: CustomerID(row[1]),
            campaign: name.map { CampaignKey(name: $0, occurrence: occurrence(row[3])) },
            channel: try Channel(code: row[4]), adapter: try transaction.text(row[5]), address: try row.address(6),
            messageClass: try MessageClass(code: row[7]), topic: try transaction.text(row[8]),
            state: try DispatchState(code: row[9]), rule: row[10], evidence: try FlatJSON.strings(row[11]),
            policyVersion: row[12], attempts: row[13], dueAt: row.instant(14), claimedAt: row.instant(ifAny: 15),
            detail: row[16])
    }
}
