package import Logging
package import RapportChannels
package import RapportCore
package import RapportLog
import ServiceLifecycle

/// Where a feed's batches go. Delivering the same batch twice must be harmless: the receiver knows it by its id.
package protocol FeedReceiver: Sendable {
    /// The feed's name; its cursor is kept under it.
    var name: String { get }

    func deliver(_ batch: [Interaction]) async throws(SendError)
}

/// Tells another system of every interaction, in order, at least once: its cursor moves only when the receiver has
/// answered 2xx, so nothing is lost while the receiver is down.
package struct Feed: Service {
    private let receiver: any FeedReceiver
    private let store: any LogReading & CursorStoring
    private let clock: Clock
    private let logger: Logger
    private let batch = 100
    private let schedule = RetrySchedule(firstSeconds: 2, longestSeconds: 300, attempts: .max)

    package init(
        receiver: any FeedReceiver, store: any LogReading & CursorStoring, clock: @escaping Clock, logger: Logger
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
                    let delivered = try await step()
                    failures = 0
                    if delivered < batch { try await Task.sleep(for: .seconds(1)) }
                } catch is CancellationError {
                    return
                } catch {
                    failures += 1
                    await rest(after: failures, error: error)
                }
            }
        }
    }

    /// - Returns: how many interactions were delivered.
    private func step() async throws -> Int {
        let position = try await store.cursor(of: receiver.name)
        let rows = try await store.interactions(after: InteractionID(position), limit: batch)
        guard let last = rows.last else { return 0 }
        try await receiver.deliver(rows)
        try await store.advance(receiver.name, to: last.id.number, at: clock())
        return rows.count
    }

    private func rest(after failures: Int, error: any Error) async {
        logger.warning(
            "the feed waits", metadata: ["feed": "\(receiver.name)", "failures": "\(failures)", "error": "\(error)"])
        let now = clock()
        let jitter = Double.random(in: 0..<1)
        guard let next = schedule.next(after: failures, now: now, expiresAt: nil, jitter: jitter) else { return }
        try? await Task.sleep(for: .milliseconds(next.milliseconds - now.milliseconds))
    }
}
