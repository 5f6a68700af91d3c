import GRDB
import RapportCore
import RapportLog

/// The steps of a dispatch's row. Each statement names only the columns that change, so that the indexes of the others
/// are left alone.
struct DispatchRows {
    /// The states for which `DispatchState.counts` holds.
    static let counting = DispatchState.allCases.filter(\.counts).map { "\($0.code)" }.joined(separator: ", ")

    /// Whether a row that waits may have arrived already, by what is known of an attempt before.
    static let mayHaveArrived = "ifnull(left_at IS NOT NULL AND evidence IN (\(counting)), 0)"

    /// The state of a row that will not leave any more: what is known of an attempt before, where there was one.
    static func ended(_ state: DispatchState) -> String {
        "iif(left_at IS NOT NULL AND evidence > 10, evidence, \(state.code))"
    }

    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Joins rows with what receipts say, as `DispatchState.joined(with:)` does: numbers from 10 on are in order of
    /// certainty, and rows in which nothing has left don't move. A row that would stay as it is is not written again, which
    /// is what happens to those whose result was recorded just before.
    ///
    /// - Parameter leavesInHand: what is in somebody's hands stays there: what is joined was known when it was handed off.
    func join(_ states: [Int64: DispatchState], leavesInHand: Bool = false) throws {
        guard !states.isEmpty else { return }
        let moves = leavesInHand ? "state >= 10 AND node IS NULL" : "state >= 10"
        try db.run(
            """
            UPDATE dispatch SET
                evidence = max(ifnull(evidence, 10), new.value),
                state = iif(\(moves), max(state, new.value), state),
                node = iif(\(moves) AND (new.value > 10 OR state > 10), NULL, node)
            FROM (SELECT CAST(key AS INTEGER) AS id, value FROM json_each(?)) AS new
            WHERE dispatch.id = new.id AND (ifnull(evidence, 0) < new.value
                OR (\(moves) AND (state < new.value OR (node IS NOT NULL AND (new.value > 10 OR state > 10)))))
            """, [Bound.map(states.map { ($0.key, $0.value.code) })])
        let delivered = states.lazy.filter { $0.value == .delivered }.map(\.key)
        if !delivered.isEmpty { try stopWaiting(delivered) }
    }

    /// Rows that left and wait to be repeated, or to take their next route, need not any more: the customer has them. Nor need
    /// those that are claimed for that: `handOff` does not return them.
    private func stopWaiting(_ ids: some Sequence<Int64>) throws {
        try db.run(
            """
            UPDATE dispatch SET state = evidence, waiting = 0, node = NULL, rule = NULL
            WHERE id IN (SELECT value FROM json_each(?)) AND state <= 2 AND left_at IS NOT NULL AND evidence > 10
            """, [Bound.list(ids)])
    }

    /// Joins the state of a row that is not in hand any more with a result that came after its receipt.
    func joinResult(_ id: Int64, _ state: DispatchState) throws {
        try db.run(
            "UPDATE dispatch SET state = max(state, ?1) WHERE id = ?2 AND state > 10", [state.code, id])
    }

    /// Rows that left: their state, joined with what receipts have said already; the rows of the log that say so are
    /// written in the same transaction.
    ///
    /// - Parameter details: by row. One statement for all of them, because to begin one costs as much as to change a row.
    func settle(_ details: [(Int64, String?)], _ state: DispatchState, rule: String?) throws {
        try db.run(
            """
            UPDATE dispatch SET state = max(?1, ifnull(evidence, 10)), evidence = max(?1, ifnull(evidence, 10)),
                node = NULL, rule = ?2, detail = new.value
            FROM json_each(?3) AS new WHERE dispatch.id = CAST(new.key AS INTEGER)
            """, [state.code, rule, Bound.map(details)])
    }

    /// A row that waits again. One whose campaign was cancelled meanwhile is cancelled, too: nobody would ever claim it.
    ///
    /// - Returns: whether it waits.
    @discardableResult
    func wait(
        _ id: Int64, _ state: DispatchState, until: Timestamp?, rule: String?, detail: String?, attempts: Int = 0
    ) throws -> Bool {
        guard try !isOfCancelledCampaign(id) else {
            try cancel(id, rule: nil, detail: detail)
            return false
        }
        try db.run(
            """
            UPDATE dispatch SET state = ?, waiting = 1, node = NULL, claimed_at = NULL, due_at = ifnull(?, due_at),
                rule = ?, detail = ?, attempts = attempts + ?
            WHERE id = ?
            """, [state.code, until?.milliseconds, rule, detail, attempts, id])
        return true
    }

    /// A row that would wait again and has nowhere to go any more.
    func cancel(_ id: Int64, rule: String?, detail: String?) throws {
        try db.run(
            """
            UPDATE dispatch SET state = \(Self.ended(.cancelled)), waiting = 0, node = NULL, claimed_at = NULL, rule = ?,
                detail = ?
            WHERE id = ?
            """, [rule, detail, id])
    }

    private func isOfCancelledCampaign(_ id: Int64) throws -> Bool {
        try db.first(
            "SELECT 1 FROM dispatch d JOIN campaign k ON k.id = d.campaign WHERE d.id = ? AND k.state = ?",
            [id, CampaignRecord.State.cancelled.code]
        ) { _ in true } ?? false
    }

    /// Turns a row to another of its routes.
    func take(_ route: Route, _ index: Int, _ id: Int64) throws {
        try db.run(
            "UPDATE dispatch SET route = ?, channel = ?, adapter = ?, address = ? WHERE id = ?",
            [
                index, route.channel.code, try transaction.word(route.adapter),
                try transaction.addressID(route.address.uri), id,
            ])
    }
}
