import Logging
import RapportCore
import RapportLog
import Synchronization

/// Finds what a telephone menu says of its callers, within the time for which they may be kept waiting.
///
/// Their events are in the log by then. A menu that leaves something out is better than an error, which an exchange plays to
/// the caller before it hangs up.
final class CallerLookUp: Sendable {
    private let store: any CustomerStoring
    private let patience: Duration
    private let limit: Int
    private let logger: Logger
    /// How many the store has not answered, in time or not.
    private let unanswered = Mutex(0)

    /// - Parameters:
    ///   - patience: after so long the answer is not awaited any more.
    ///   - limit: with so many unanswered the store is not asked again.
    init(store: any CustomerStoring, patience: Duration, limit: Int = 64, logger: Logger) {
        self.store = store
        self.patience = patience
        self.limit = limit
        self.logger = logger
    }

    /// - Returns: those who were found; nobody where the store can't be read, or not in time.
    func customers(_ ids: [CustomerID]) async -> [CustomerID: Customer] {
        guard !ids.isEmpty else { return [:] }
        guard begin() else { return giveUp() }
        let (answers, answer) = AsyncStream.makeStream(of: [CustomerID: Customer].self)
        Task {
            answer.yield(await read(ids))
            unanswered.withLock { $0 -= 1 }
        }
        let alarm = Task {
            try await Task.sleep(for: patience)
            answer.finish()
        }
        defer { alarm.cancel() }
        for await found in answers { return found }
        return giveUp()
    }

    private func begin() -> Bool {
        unanswered.withLock { unanswered in
            guard unanswered < limit else { return false }
            unanswered += 1
            return true
        }
    }

    private func read(_ ids: [CustomerID]) async -> [CustomerID: Customer] {
        do throws(StoreError) {
            return try await store.customers(ids)
        } catch {
            logger.warning("callers could not be looked up", metadata: ["error": "\(error)"])
            return [:]
        }
    }

    private func giveUp() -> [CustomerID: Customer] {
        logger.warning("callers were not looked up in time")
        return [:]
    }
}
