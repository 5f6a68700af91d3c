import GRDB
import RapportCore
import RapportLog

/// The steps of a dispatch's row. Each statement names only the columns that change, so that the indexes of the others
/// are left alone.
struct DispatchRows {
    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Joins a row with what a receipt says, as `DispatchState.joined(with:)` does: numbers from 10 on are in order of
    /// certainty, and rows in which nothing has left don't move. A row that would stay as it is is not written again.
    func join(_ id: Int64, _ state: DispatchState) throws {
        try db.run(
            """
            UPDATE dispatch SET
                evidence = max(ifnull(evidence, 10), ?1),
                state = iif(state >= 10, max(state, ?1), state),
                node = iif(state >= 10 AND (?1 > 10 OR state > 10), NULL, node)
            WHERE id = ?2 AND (ifnull(evidence, 0) < ?1
                OR (state >= 10 AND (state < ?1 OR (node IS NOT NULL AND (?1 > 10 OR state > 10)))))
            """, [state.code, id])
        if state == .delivered { try stopWaiting(id) }
    }

    /// A row that left and waits to be repeated, or to take its next route, need not any more: the customer has it.
    private func stopWaiting(_ id: Int64) throws {
        try db.run(
            """
            UPDATE dispatch SET state = evidence, waiting = 0, rule = NULL
            WHERE id = ? AND waiting = 1 AND left_at IS NOT NULL AND evidence > 10
            """, [id])
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

    /// A row that waits again.
    func wait(
        _ id: Int64, _ state: DispatchState, until: Timestamp?, rule: String?, detail: String?, attempts: Int = 0
    ) throws {
        try db.run(
            """
            UPDATE dispatch SET state = ?, waiting = 1, node = NULL, claimed_at = NULL, due_at = ifnull(?, due_at),
                rule = ?, detail = ?, attempts = attempts + ?
            WHERE id = ?
            """, [state.code, until?.milliseconds, rule, detail, attempts, id])
    }

    /// A row that would wait again and has nowhere to go any more.
    func cancel(_ id: Int64, rule: String) throws {
        try db.run(
            """
            UPDATE dispatch SET state = 4, waiting = 0, node = NULL, claimed_at = NULL, rule = ?, detail = NULL
            WHERE id = ?
            """, [rule, id])
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
