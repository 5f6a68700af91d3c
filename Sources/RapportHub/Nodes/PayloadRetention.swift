package import Logging
package import RapportCore
package import RapportLog
import ServiceLifecycle

/// Forgets raw payloads that are older than the operator wants them.
package struct PayloadRetention: Service {
    private let store: any Maintaining
    private let days: Int
    private let clock: Clock
    private let logger: Logger

    /// - Parameter days: how long payloads are kept.
    package init(store: any Maintaining, days: Int, clock: @escaping Clock, logger: Logger) {
        self.store = store
        self.days = days
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do throws(StoreError) {
                    try await forgetAll()
                } catch {
                    logger.warning("payloads could not be forgotten", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(3600))
            }
        }
    }

    /// In small steps, so that the way in is never held up.
    private func forgetAll() async throws(StoreError) {
        let before = clock().adding(seconds: -Int64(days) * 86400)
        while !Task.isCancelled, try await store.forgetPayloads(before: before, limit: 500) == 500 {}
    }
}
