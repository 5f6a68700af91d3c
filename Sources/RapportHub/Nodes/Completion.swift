package import Logging
package import RapportLog

/// What is done a part at a time and can be cut off there, by a crash or by whoever waited for it, is finished by the hub.
extension Recurring {
    package static func erasureCompletion(store: any CustomerStoring, logger: Logger) -> Recurring {
        Recurring(every: .seconds(600), orTell: "an erasure could not be finished", logger) { () throws(StoreError) in
            let rows = try await store.finishErasures()
            if rows > 0 { logger.notice("an erasure was finished", metadata: ["rows": "\(rows)"]) }
        }
    }

    /// Of campaigns. Nothing of a cancelled one leaves meanwhile, but its rows are counted as waiting.
    package static func cancellationCompletion(store: any CampaignStoring, logger: Logger) -> Recurring {
        Recurring(every: .seconds(60), orTell: "a campaign's cancelling could not be finished", logger) {
            () throws(StoreError) in
            let rows = try await store.finishCancellations()
            if rows > 0 { logger.notice("a campaign's cancelling was finished", metadata: ["rows": "\(rows)"]) }
        }
    }
}
