package import Logging
package import RapportLog
import ServiceLifecycle

/// Finishes erasures that were cut off, by a crash or by whoever waited for them: at the start and now and then.
package struct ErasureCompletion: Service {
    private let store: any CustomerStoring
    private let logger: Logger

    package init(store: any CustomerStoring, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do throws(StoreError) {
                    let rows = try await store.finishErasures()
                    if rows > 0 { logger.notice("an erasure was finished", metadata: ["rows": "\(rows)"]) }
                } catch {
                    logger.warning("an erasure could not be finished", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(600))
            }
        }
    }
}
