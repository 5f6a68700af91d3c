import GRDB
import Synchronization

/// Which row is a customer's last, for the latest rows of the log, known by heart.
///
/// To write it into `timeline` with each row would dirty a page of its own every time, once there are many customers. So
/// that is done for thousands of rows in one round, and `timeline_progress` says how far it has come. The rows since then
/// are in the log, from which they are learned after a start and whenever another process has appended. A round goes
/// through the customers in order, a part with each commit, so that none of those has to wait for all of it.
///
/// The writing connection appends; readers are told of what is committed alone. What they are told holds for every
/// snapshot that is not older than the end of the last round but one; others find it out in the log.
final class RecentRows: Sendable {
    private struct State {
        var committed = RowWindow(after: 0)
        /// Those of the transaction under way.
        var pending = RowWindow(after: 0)
        /// How far `timeline` has come, as the transaction under way sees it; `nil`: to be read.
        var moved: Int64?
        /// How far the rows are to be forgotten when the transaction is committed.
        var dropped: Int64 = 0
        /// What of `timeline` is being written, as the transaction under way sees it.
        var round: Round?
    }

    /// Brings `timeline` from one row of the log to another. One that is not finished may begin anew.
    private struct Round {
        var from: Int64
        var to: Int64
        /// Customers and their last rows that are still to be written.
        var rest: ArraySlice<(key: Int64, value: Int64)>
    }

    private let state = Mutex(State())
    private let limit: Int64
    private let part: Int

    /// - Parameters:
    ///   - limit: after how many rows a round begins.
    ///   - part: how many customers are written with one commit; twice as many as it appends rows, if that is more.
    init(limit: Int, part: Int) {
        self.limit = Int64(limit)
        self.part = part
    }

    /// How many rows are known.
    var count: Int { state.withLock { $0.committed.count } }

    // MARK: For the writing connection

    /// To be called before rows are appended; reads those that other processes appended.
    ///
    /// - Parameter last: the last row of the log.
    func catchUp(_ db: Database, to last: Int64) throws {
        let known = state.withLock { $0.pending.end == last && $0.moved != nil ? nil : $0.committed.end }
        guard let known else { return }
        // Readers go on meanwhile: nobody else changes what is known.
        let moved = try LastRows.progress(db)
        // What another process has written down need not be read.
        var pending = RowWindow(after: max(known, moved))
        try db.each(
            "SELECT ifnull(customer, 0), previous FROM interaction WHERE position > ? ORDER BY position",
            [pending.floor]
        ) { pending.append(customer: $0[0], previous: $0[1]) }
        state.withLock { state in
            if known < moved { state.committed = RowWindow(after: moved) }
            state.pending = pending
            state.moved = moved
            state.round = nil
        }
    }

    /// The customer's last row; `nil`: as `timeline` says.
    func last(of customer: Int64) -> Int64? {
        state.withLock { $0.pending.last(of: customer) ?? $0.committed.last(of: customer) }
    }

    func append(customer: Int64, previous: Int64) {
        state.withLock { $0.pending.append(customer: customer, previous: previous) }
    }

    /// Brings `timeline` up to date, when there is enough to write: a part of it.
    ///
    /// - Parameter appended: how many rows its caller has appended.
    func settle(_ db: Database, appended: Int) throws {
        guard var round = round() else { return }
        // More than come meanwhile, so that every round ends.
        let part = round.rest.prefix(max(part, 2 * appended))
        round.rest = round.rest.dropFirst(part.count)
        // In order, so that those of one page are written together. Readers go on meanwhile.
        try db.run(
            """
            INSERT INTO timeline SELECT CAST(key AS INTEGER), value FROM json_each(?) WHERE true
            ON CONFLICT (customer) DO UPDATE SET last = excluded.last
            """, [Bound.map(part.lazy.map { ($0.key, $0.value) })])
        let isOver = round.rest.isEmpty
        if isOver { try db.run("UPDATE timeline_progress SET position = ?", [round.to]) }
        state.withLock { [round] state in
            state.round = isOver ? nil : round
            guard isOver else { return }
            state.moved = round.to
            // Snapshots that were taken before it need the rows since the time before.
            state.dropped = round.from
        }
    }

    /// The round that is under way, or that is due.
    private func round() -> Round? {
        let due = state.withLock { state -> (round: Round, lasts: [Int64: Int64])? in
            if let round = state.round { return (round, [:]) }
            let last = state.pending.end
            guard let moved = state.moved, last - moved > limit else { return nil }
            return (
                Round(from: moved, to: last, rest: []),
                state.committed.lasts(after: moved).merging(state.pending.lasts(after: moved)) { $1 }
            )
        }
        guard let due else { return nil }
        var round = due.round
        if !due.lasts.isEmpty { round.rest = due.lasts.sorted { $0.key < $1.key }[...] }
        return round
    }

    /// The transaction is committed.
    func publish() {
        state.withLock { state in
            state.committed.append(state.pending)
            state.committed.drop(upTo: state.dropped)
            state.pending = RowWindow(after: state.committed.end)
        }
    }

    /// A part of the transaction was rolled back; what is left of it is read from the log.
    func forgetPending() {
        state.withLock { state in
            state.pending = RowWindow(after: state.committed.end)
            state.moved = nil
            state.dropped = 0
            state.round = nil
        }
    }

    /// The transaction was lost.
    func forget() {
        state.withLock { $0 = State() }
    }

    // MARK: For readers

    /// The last rows of customers in a snapshot.
    ///
    /// - Parameters:
    ///   - progress: how far `timeline` had come in it.
    ///   - last: its last row.
    /// - Returns: what is known by heart, and up to which row; what comes after it the log says, and whose last row is not
    ///   found so, `timeline`.
    func lasts(of customers: [Int64], progress: Int64, last: Int64) -> (found: [Int64: Int64], upTo: Int64) {
        state.withLock { state in
            let window = state.committed
            guard window.floor <= progress, progress <= window.end else { return ([:], progress) }
            let upTo = min(window.end, last)
            let found = customers.compactMap { customer in
                window.last(of: customer, upTo: upTo).map { (customer, $0) }
            }
            return (Dictionary(found, uniquingKeysWith: { first, _ in first }), upTo)
        }
    }
}
