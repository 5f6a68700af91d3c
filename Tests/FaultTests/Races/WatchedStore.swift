import RapportCore
import RapportLog

/// The store as a dispatcher sees it, with what it promised and was asked written down.
struct WatchedStore: DispatchStoring, CampaignStoring, IntakeStoring {
    let store: any Store
    let recorder: RaceRecorder
    /// Makes the moment between a claim and its handing off longer now and then: it is where an opt-out comes between.
    let linger: @Sendable () async -> Void

    func claim(
        _ query: ClaimQuery, decide: @escaping @Sendable ([ClaimCandidate]) -> [ClaimDecision]
    ) async throws(StoreError) -> [ClaimedDispatch] {
        let claimed = try await store.claim(query, decide: decide)
        for dispatch in claimed {
            let plan = dispatch.candidate.plan
            recorder.note(
                .claimed(
                    dispatch.id,
                    RaceRecorder.Claim(
                        customer: dispatch.candidate.customer.id,
                        household: dispatch.candidate.customer.profile.household, campaign: plan.campaign?.name ?? "",
                        occurrence: plan.campaign?.occurrence, topic: plan.topic, offer: plan.offer,
                        content: plan.content, route: dispatch.route, at: query.now)))
        }
        return claimed
    }

    func handOff(
        _ ids: [DispatchID], node: Int64, at now: Timestamp
    ) async throws(StoreError) -> Set<DispatchID> {
        await linger()
        recorder.note(.handingOff(ids))
        return try await store.handOff(ids, node: node, at: now)
    }

    func plan(_ plans: [DispatchPlan], at now: Timestamp) async throws(StoreError) -> [PlannedDispatch] {
        try await store.plan(plans, at: now)
    }

    func record(
        _ results: [DispatchResult], at now: Timestamp,
        rows: @escaping @Sendable (_ firstPosition: Int64) -> [Interaction]
    ) async throws(StoreError) {
        try await store.record(results, at: now, rows: rows)
    }

    func release(node: Int64, at now: Timestamp) async throws(StoreError) -> Int {
        try await store.release(node: node, at: now)
    }

    func recover(node: Int64, at now: Timestamp) async throws(StoreError) -> Recovery {
        try await store.recover(node: node, at: now)
    }

    func dispatch(_ id: DispatchID) async throws(StoreError) -> DispatchRow? { try await store.dispatch(id) }

    func nextDue() async throws(StoreError) -> Timestamp? { try await store.nextDue() }

    func facts(_ queries: [FactsQuery]) async throws(StoreError) -> [ContactFacts] { try await store.facts(queries) }
}

extension WatchedStore {
    func create(_ campaign: CampaignRecord) async throws(StoreError) -> CampaignRecord {
        try await store.create(campaign)
    }

    func sendingCampaigns() async throws(StoreError) -> [CampaignKey] {
        try await store.sendingCampaigns()
    }

    func campaigns(limit: Int) async throws(StoreError) -> [CampaignRecord] { try await store.campaigns(limit: limit) }

    func campaign(_ key: CampaignKey) async throws(StoreError) -> CampaignRecord? { try await store.campaign(key) }

    func move(
        _ key: CampaignKey, from: Set<CampaignRecord.State>, to: CampaignRecord.State, note: String?,
        at now: Timestamp
    ) async throws(StoreError) -> CampaignRecord? {
        try await store.move(key, from: from, to: to, note: note, at: now)
    }

    func progress(_ key: CampaignKey, at now: Timestamp) async throws(StoreError) -> CampaignProgress {
        try await store.progress(key, at: now)
    }

    func completeFinished(at now: Timestamp) async throws(StoreError) -> [CampaignKey] {
        try await store.completeFinished(at: now)
    }

    func rows(
        of key: CampaignKey, states: Set<DispatchState>, after: DispatchID?, limit: Int
    ) async throws(StoreError) -> [DispatchRow] {
        try await store.rows(of: key, states: states, after: after, limit: limit)
    }

    func commit(
        _ batch: [IntakeItem], query: IntakeQuery,
        decide: @escaping @Sendable (_ new: [Int], _ facts: inout IntakeFacts) -> [IntakeDecision]
    ) async throws(StoreError) -> [IntakeOutcome] {
        try await store.commit(batch, query: query, decide: decide)
    }

    func matchedReceipts(limit: Int) async throws(StoreError) -> [MatchedReceipt] {
        try await store.matchedReceipts(limit: limit)
    }
}
