package import Logging
package import RapportCore
package import RapportLog

extension Recurring {
    /// Forgets raw payloads that are older than the operator wants them, in small steps, so that the way in is never held
    /// up.
    ///
    /// - Parameter days: how long payloads are kept.
    package static func payloadRetention(
        of days: Int, store: any Maintaining, clock: @escaping Clock, logger: Logger
    ) -> Recurring {
        Recurring(every: .seconds(3600), orTell: "payloads could not be forgotten", logger) { () throws(StoreError) in
            let before = clock().adding(seconds: -Int64(days) * 86400)
            while !Task.isCancelled, try await store.forgetPayloads(before: before, limit: 500) == 500 {}
        }
    }
}
