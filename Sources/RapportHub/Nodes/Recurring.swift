import Logging
import RapportLog
import ServiceLifecycle

/// Work that a hub does at the start and every so often until it stops. What fails is told, and tried again the next time.
package struct Recurring: Service {
    private let interval: Duration
    private let failure: Logger.Message
    private let logger: Logger
    private let work: @Sendable () async throws(StoreError) -> Void

    /// - Parameters:
    ///   - interval: between the end of one time and the beginning of the next.
    ///   - failure: what is told when the work fails.
    init(
        every interval: Duration, orTell failure: Logger.Message, _ logger: Logger,
        _ work: @escaping @Sendable () async throws(StoreError) -> Void
    ) {
        self.interval = interval
        self.failure = failure
        self.logger = logger
        self.work = work
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do throws(StoreError) {
                    try await work()
                } catch {
                    logger.warning(failure, metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: interval)
            }
        }
    }
}
