package import Logging
package import RapportChannels
package import RapportCore
package import RapportLog
import ServiceLifecycle

/// Where a feed's batches go. Delivering the same batch twice must be harmless: the receiver knows it by its id.
package protocol FeedReceiver: Sendable {
    /// The feed's name; its cursor is kept under it.
    var name: String { get }

    /// How many of these, from the first on, go into one batch; at least one.
    func batchSize(of interactions: [Interaction]) -> Int

    func deliver(_ batch: [Interaction]) async throws(SendError)
}

/// Tells another system of every interaction, in order, at least once: its cursor moves only when the receiver has
/// answered 2xx, so nothing is lost while the receiver is down.
///
/// Where a batch ends is written down before it leaves: whatever the log has grown by since, the next try delivers the
/// same one, and a receiver whose answer was lost knows it.
package struct Feed: Service {
    private let receiver: any FeedReceiver
    private let store: any LogReading & CursorStoring & ChangeWatching
    private let clock: Clock
    private let logger: Logger
    private let page = 100
    private let schedule = RetrySchedule(firstSeconds: 2, longestSeconds: 300, attempts: .max)

    package init(
        receiver: any FeedReceiver, store: any LogReading & CursorStoring & ChangeWatching, clock: @escaping Clock,
        logger: Logger
    ) {
        self.receiver = receiver
        self.store = store
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                do {
                    let version = store.version()
                    let hasMore = try await step()
                    failures = 0
                    if !hasMore { try await rest(since: version) }
                } catch is CancellationError {
                    return
                } catch {
                    failures += 1
                    await rest(after: failures, error: error)
                }
            }
        }
    }

    /// Delivers one batch.
    ///
    /// - Returns: whether more waits already.
    func step() async throws -> Bool {
        let position = try await store.cursor(of: receiver.name)
        let rows = try await store.interactions(after: InteractionID(position), limit: page)
        guard let last = rows.last else { return false }
        // One that has delivered nothing yet has a place, too, so that a status can say how far behind it is.
        if position == 0 { try await store.advance(receiver.name, to: 0, at: clock()) }
        // No adapter has a name with a slash.
        let openEnd = receiver.name + "/open"
        var end = try await store.cursor(of: openEnd)
        if end <= position {
            end = rows[max(1, receiver.batchSize(of: rows)) - 1].id.number
            try await store.advance(openEnd, to: end, at: clock())
        }
        let batch = rows.filter { $0.id.number <= end }
        try await receiver.deliver(batch)
        try await store.advance(receiver.name, to: end, at: clock())
        return rows.count == page || end < last.id.number
    }

    /// Waits until the store is another one than it was in this version.
    private func rest(since version: Int64?) async throws {
        repeat {
            try await Task.sleep(for: .seconds(1))
        } while version != nil && store.version() == version
    }

    private func rest(after failures: Int, error: any Error) async {
        logger.warning(
            "the feed waits", metadata: ["feed": "\(receiver.name)", "failures": "\(failures)", "error": "\(error)"])
        let now = clock()
        await note(error, at: now)
        let jitter = Double.random(in: 0..<1)
        let asked = (error as? SendError)?.retryAfterSeconds
        guard
            let next = schedule.next(
                after: failures, now: now, expiresAt: nil, notBeforeSeconds: asked, jitter: jitter)
        else { return }
        try? await Task.sleep(for: .milliseconds(next.milliseconds - now.milliseconds))
    }

    /// Lets a status tell why nothing gets through. A store that is the cause itself can't be told.
    func note(_ error: any Error, at now: Timestamp) async {
        guard let error = error as? SendError else { return }
        do throws(StoreError) {
            try await store.fail(receiver.name, because: "the receiver \(error)", at: now)
        } catch {
            logger.warning(
                "a feed's failure was not noted", metadata: ["feed": "\(receiver.name)", "error": "\(error)"])
        }
    }
}
