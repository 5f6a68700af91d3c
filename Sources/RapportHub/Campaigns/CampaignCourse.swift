package import RapportCore
package import RapportLog

/// Stops a campaign, lets it go on, or ends it. Needs nothing but the store, so that a campaign can be stopped even when
/// the policy or the templates can't be read.
package struct CampaignCourse: Sendable {
    let store: any CampaignStoring
    let clock: Clock

    package init(store: any CampaignStoring, clock: @escaping Clock) {
        self.store = store
        self.clock = clock
    }

    /// - Throws: `CampaignError` when it is not being sent, `StoreError`.
    package func pause(_ key: CampaignKey) async throws -> CampaignRecord {
        try await move(key, from: [.sending], to: .paused, wanted: "paused")
    }

    /// - Throws: `CampaignError` when it is not paused, `StoreError`.
    package func resume(_ key: CampaignKey) async throws -> CampaignRecord {
        try await move(key, from: [.paused], to: .sending, wanted: "resumed")
    }

    /// What has left stays sent; everything else is cancelled. A cancelling that was cut off goes on.
    ///
    /// - Throws: `CampaignError` when it is over, `StoreError`.
    package func cancel(_ key: CampaignKey) async throws -> CampaignRecord {
        do {
            return try await move(key, from: [.planning, .sending, .paused], to: .cancelled, wanted: "cancelled")
        } catch CampaignError.wrongState(_, state: .cancelled, wanted: let wanted) {
            guard try await store.finishCancellation(of: key) > 0, let found = try await store.campaign(key) else {
                throw CampaignError.wrongState(key, state: .cancelled, wanted: wanted)
            }
            return found
        }
    }

    private func move(
        _ key: CampaignKey, from: Set<CampaignRecord.State>, to: CampaignRecord.State, wanted: String
    ) async throws -> CampaignRecord {
        if let moved = try await store.move(key, from: from, to: to, note: nil, at: clock()) { return moved }
        guard let found = try await store.campaign(key) else { throw CampaignError.unknown(key) }
        throw CampaignError.wrongState(key, state: found.state, wanted: wanted)
    }
}
