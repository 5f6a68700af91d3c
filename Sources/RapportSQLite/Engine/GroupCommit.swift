import GRDB
import RapportLog
import Synchronization

/// Lets many callers share one transaction and one sync of the disk.
///
/// Callers queue up; while one transaction is being synced the next group gathers, so that the size of a group follows
/// the load and no timer is needed. What fails is rolled back alone: callers who share a transaction run inside savepoints.
final class GroupCommit: Sendable {
    /// One caller's part of a transaction.
    private struct Job: Sendable {
        var weight: Int
        var changesFacts: Bool
        var run: @Sendable (Transaction) throws -> Void
        /// Called once, after the commit or with the reason why there was none.
        var finish: @Sendable (StoreError?) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var isDraining = false
        var isClosed = false
        /// Called once nobody waits.
        var whenIdle: [@Sendable () -> Void] = []
    }

    private let pool: DatabasePool
    private let checkpointer: Checkpointer
    private let words = Words()
    private let pseudonyms: Pseudonyms
    private let changes: FactsChanges
    private let repetitions: RecentRepetitions
    private let recentRows: RecentRows
    private let maximumWaiting: Int
    private let maximumWeight: Int
    private let thread = WritingThread()
    private let state = Mutex(State())

    init(
        pool: DatabasePool, checkpointer: Checkpointer, pseudonyms: Pseudonyms, changes: FactsChanges,
        repetitions: RecentRepetitions, recentRows: RecentRows, maximumWaiting: Int, maximumWeight: Int
    ) {
        self.pool = pool
        self.checkpointer = checkpointer
        self.pseudonyms = pseudonyms
        self.changes = changes
        self.repetitions = repetitions
        self.recentRows = recentRows
        self.maximumWaiting = maximumWaiting
        self.maximumWeight = maximumWeight
        thread.start { [weak self] in self?.write() ?? false }
    }

    deinit { thread.wake() }

    /// Runs `body` in a transaction and returns when it is synced to disk.
    ///
    /// - Parameters:
    ///   - weight: about how many rows it writes; a group takes callers until their weights reach a limit.
    ///   - changesFacts: whether it may change what verdicts look at; if not, what it does change of that is noted one by
    ///     one in `Transaction.changes`, as the effects of rows are.
    func write<T: Sendable>(
        _ action: String, weight: Int = 1, changesFacts: Bool = true,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws(StoreError) -> T {
        let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
            let outcome = Outcome<T>()
            let job = Job(weight: min(weight, maximumWeight), changesFacts: changesFacts) { transaction in
                do {
                    outcome.set(.success(try body(transaction)))
                } catch {
                    outcome.set(.failure(StoreError(error, doing: action)))
                    throw error
                }
            } finish: { error in
                continuation.resume(returning: outcome.result(orFailingWith: error, action))
            }
            if let refusal = enqueue(job) { job.finish(refusal) }
        }
        return try result.get()
    }

    /// Refuses new callers; those that wait are still served.
    func close() {
        state.withLock { $0.isClosed = true }
        thread.wake()
    }

    /// Calls back once nobody waits any more, which without `close()` may be never.
    func whenIdle(_ body: @escaping @Sendable () -> Void) {
        let isIdle = state.withLock { state in
            if state.isDraining { state.whenIdle.append(body) }
            return !state.isDraining
        }
        if isIdle { body() }
    }

    /// How many wait for a transaction that has not begun.
    var waiting: Int { state.withLock { $0.waiting.count } }

    private func enqueue(_ job: Job) -> StoreError? {
        let starts: Bool
        switch state.withLock({ state -> Result<Bool, StoreError> in
            if state.isClosed { return .failure(StoreError(.closed, "the store is closed")) }
            if state.waiting.count >= maximumWaiting {
                return .failure(StoreError(.busy, "too many writers are waiting"))
            }
            state.waiting.append(job)
            defer { state.isDraining = true }
            return .success(!state.isDraining)
        }) {
        case .failure(let refusal): return refusal
        case .success(let isFirst): starts = isFirst
        }
        if starts { thread.wake() }
        return nil
    }

    /// - Returns: whether there may be more to write some time.
    private func write() -> Bool {
        while state.withLock({ $0.isDraining }) { pool.writeWithoutTransaction { drain($0) } }
        return state.withLock { !$0.isClosed }
    }

    /// Serves groups until nobody waits. Other processes wait for the lock by trying again every millisecond; a store
    /// that is never idle leaves it free for that long now and then, so that they get their turn, and lets go what else
    /// waits for the writing connection.
    private func drain(_ db: Database) {
        let start = ContinuousClock.now
        while let group = nextGroup() {
            commit(group, db)
            if ContinuousClock.now - start > .milliseconds(100) {
                return BusyWait.pause(microseconds: 1500)
            }
        }
    }

    private func nextGroup() -> [Job]? {
        let (group, idle) = state.withLock { state -> ([Job]?, [@Sendable () -> Void]) in
            guard !state.waiting.isEmpty else {
                state.isDraining = false
                defer { state.whenIdle = [] }
                return (nil, state.whenIdle)
            }
            var weight = 0
            var count = 0
            while count < state.waiting.count, count == 0 || weight + state.waiting[count].weight <= maximumWeight {
                weight += state.waiting[count].weight
                count += 1
            }
            defer { state.waiting.removeFirst(count) }
            return (Array(state.waiting[..<count]), [])
        }
        for body in idle { body() }
        return group
    }

    private func commit(_ group: [Job], _ db: Database) {
        var failure: StoreError?
        do {
            // Prepared once, where the library would prepare them each time.
            try db.run("BEGIN IMMEDIATE")
            changes.begin(dataVersion: try db.number("PRAGMA data_version"))
            let transaction = Transaction(
                db: db, words: words, pseudonyms: pseudonyms, recentRows: recentRows, changes: changes)
            for job in group { try run(job, isAlone: group.count == 1, transaction) }
            if db.isInsideTransaction { try db.run("COMMIT") }
            recentRows.publish()
        } catch {
            words.forget()
            repetitions.forget()
            recentRows.forget()
            if db.isInsideTransaction { try? db.rollback() }
            failure = StoreError(error, doing: "committing")
        }
        changes.settle()
        for job in group { job.finish(failure) }
        checkpointer.follow(db)
    }

    /// - Throws: only when the whole transaction is lost, as after a full disk.
    private func run(_ job: Job, isAlone: Bool, _ transaction: Transaction) throws {
        let db = transaction.db
        if job.changesFacts { changes.changeEverybody() }
        // For each savepoint SQLite keeps a copy of all pages that are changed in it.
        if !isAlone { try db.run("SAVEPOINT caller") }
        do {
            try job.run(transaction)
        } catch {
            guard db.isInsideTransaction else { throw error }
            words.forget()
            recentRows.forgetPending()
            guard !isAlone else { return try db.rollback() }
            try db.run("ROLLBACK TO caller")
        }
        if !isAlone { try db.run("RELEASE caller") }
    }
}
