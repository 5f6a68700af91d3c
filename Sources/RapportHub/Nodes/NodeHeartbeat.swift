package import Logging
package import RapportCore
package import RapportLog

extension Recurring {
    /// Says every ten seconds that this hub is alive, so that another may take over what a dead one had in hand.
    ///
    /// - Parameter heartbeat: is told when that is written.
    package static func heartbeat(
        of node: Int64, store: any NodeStoring, clock: @escaping Clock, telling heartbeat: Heartbeat, logger: Logger
    ) -> Recurring {
        Recurring(every: .seconds(10), orTell: "the heartbeat could not be written", logger) { () throws(StoreError) in
            try await heartbeat.beat { () throws(StoreError) in
                try await store.heartbeat(node: node, at: clock())
            }
        }
    }
}
