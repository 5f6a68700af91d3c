package import Logging
package import RapportCore
package import RapportLog
import ServiceLifecycle

/// Says every ten seconds that this hub is alive, so that another may take over what a dead one had in hand.
package struct NodeHeartbeat: Service {
    private let store: any NodeStoring
    private let node: Int64
    private let clock: Clock
    private let logger: Logger

    package init(store: any NodeStoring, node: Int64, clock: @escaping Clock, logger: Logger) {
        self.store = store
        self.node = node
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do throws(StoreError) {
                    try await store.heartbeat(node: node, at: clock())
                } catch {
                    logger.warning("the heartbeat could not be written", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(10))
            }
        }
    }
}
