package import RapportCore
package import RapportLog

/// A store as a dispatcher sees it, with what a test does before or after some of its calls; all calls are passed on to
/// the store behind it.
package struct InterposedStore: DispatchStoring, CampaignStoring, IntakeStoring, ChangeWatching {
    private let store: any DispatchStoring & CampaignStoring & IntakeStoring & ChangeWatching
    package var afterClaim: @Sendable (ClaimQuery, [ClaimedDispatch]) -> Void = { _, _ in }
    package var beforeHandOff: @Sendable (_ ids: [DispatchID], _ node: Int64) async -> Void = { _, _ in }
    /// What it throws is what the call throws, and nothing is recorded.
    package var beforeRecord: @Sendable ([DispatchResult]) throws(StoreError) -> Void = { _ in }

    package init(_ store: any DispatchStoring & CampaignStoring & IntakeStoring & ChangeWatching) {
        self.store = store
    }

    package func version() -> Int64? { store.version() }

    package func claim(
        _ query: ClaimQuery, decide: @escaping @Sendable ([ClaimCandidate]) -> [ClaimDecision]
    ) async throws(StoreError) -> [ClaimedDispatch] {
        let claimed = try await store.claim(query, decide: decide)
        afterClaim(query, claimed)
        return claimed
    }

    package func handOff(
        _ ids: [DispatchID], node: Int64, at now: Timestamp
    ) async throws(StoreError) -> Set<DispatchID> {
        await beforeHandOff(ids, node)
        return try await store.handOff(ids, node: node, at: now)
    }

    package func record(
        _ results: [DispatchResult], node: Int64, at now: Timestamp,
        rows: @escaping @Sendable (_ firstPosition: Int64) -> [Interaction]
    ) async throws(StoreError) {
        try beforeRecord(results)
        try await store.record(results, node: node, at: now, rows: rows)
    }

    package func plan(
        _ plans: [DispatchPlan], saying definition: String?, at now: Timestamp
    ) async throws(StoreError) -> [PlannedDispatch] {
        try await store.plan(plans, saying: definition, at: now)
    }

    package func release(node: Int64, at now: Timestamp) async throws(StoreError) -> Int {
        try await store.release(node: node, at: now)
    }

    package func recover(node: Int64, at now: Timestamp) async throws(StoreError) -> Recovery {
        try await store.recover(node: node, at: now)
    }

    package func dispatch(_ id: DispatchID) async throws(StoreError) -> DispatchRow? { try await store.dispatch(id) }

    package func planned(under key: String, digest: String?) async throws(StoreError) -> PlannedDispatch? {
        try await store.planned(under: key, digest: digest)
    }

    package func routes(of id: DispatchID) async throws(StoreError) -> [Route] { try await store.routes(of: id) }

    package func nextDue(
        without lanes: Set<CampaignLane>, adapters: Set<String>?
    ) async throws(StoreError) -> Timestamp? {
        try await store.nextDue(without: lanes, adapters: adapters)
    }

    package func facts(
        _ queries: [FactsQuery], lookback: Lookback
    ) async throws(StoreError) -> [ContactFacts] {
        try await store.facts(queries, lookback: lookback)
    }
}

extension InterposedStore {
    package func create(_ campaign: CampaignRecord) async throws(StoreError) -> CampaignRecord {
        try await store.create(campaign)
    }

    package func campaigns(limit: Int) async throws(StoreError) -> [CampaignRecord] {
        try await store.campaigns(limit: limit)
    }

    package func sendingCampaigns() async throws(StoreError) -> [CampaignKey] { try await store.sendingCampaigns() }

    package func campaign(_ key: CampaignKey) async throws(StoreError) -> CampaignRecord? {
        try await store.campaign(key)
    }

    package func move(
        _ key: CampaignKey, from: Set<CampaignRecord.State>, to: CampaignRecord.State, saying definition: String?,
        note: String?, at now: Timestamp
    ) async throws(StoreError) -> CampaignRecord? {
        try await store.move(key, from: from, to: to, saying: definition, note: note, at: now)
    }

    package func redefine(_ key: CampaignKey, as definition: String) async throws(StoreError) -> CampaignRecord? {
        try await store.redefine(key, as: definition)
    }

    package func finishCancellation(of key: CampaignKey) async throws(StoreError) -> Int {
        try await store.finishCancellation(of: key)
    }

    package func finishCancellations() async throws(StoreError) -> Int { try await store.finishCancellations() }

    package func progress(_ key: CampaignKey, at now: Timestamp) async throws(StoreError) -> CampaignProgress {
        try await store.progress(key, at: now)
    }

    package func completeFinished(at now: Timestamp) async throws(StoreError) -> [CampaignKey] {
        try await store.completeFinished(at: now)
    }

    package func rows(
        of key: CampaignKey, states: Set<DispatchState>, after: DispatchID?, limit: Int
    ) async throws(StoreError) -> [DispatchRow] {
        try await store.rows(of: key, states: states, after: after, limit: limit)
    }

    package func commit(
        upTo limit: Int, gathering gather: @escaping @Sendable () -> IntakeBatch
    ) async throws(StoreError) -> [IntakeOutcome] {
        try await store.commit(upTo: limit, gathering: gather)
    }

    package func matchedReceipts(limit: Int) async throws(StoreError) -> [MatchedReceipt] {
        try await store.matchedReceipts(limit: limit)
    }
}
