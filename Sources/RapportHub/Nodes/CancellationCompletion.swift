package import Logging
package import RapportLog
import ServiceLifecycle

/// Finishes cancellings of campaigns that were cut off, by a crash or by whoever waited for them: at the start and once a
/// minute. Nothing of such a campaign leaves meanwhile, but its rows are counted as waiting.
package struct CancellationCompletion: Service {
    private let store: any CampaignStoring
    private let logger: Logger

    package init(store: any CampaignStoring, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do throws(StoreError) {
                    let rows = try await store.finishCancellations()
                    if rows > 0 { logger.notice("a campaign's cancelling was finished", metadata: ["rows": "\(rows)"]) }
                } catch {
                    logger.warning("a campaign's cancelling could not be finished", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(60))
            }
        }
    }
}
