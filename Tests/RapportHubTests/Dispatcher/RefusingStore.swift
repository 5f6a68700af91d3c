import RapportCore
import RapportLog
import Synchronization

/// A store that does not write every result at once; everything else it leaves to the one it stands for.
final class RefusingStore: DispatchStoring, CampaignStoring, IntakeStoring {
    private let store: any DispatchStoring & CampaignStoring & IntakeStoring
    private let refusal: @Sendable ([DispatchResult], _ call: Int) -> StoreError?
    private let calls = Atomic(0)

    /// - Parameter refusal: why a call to record these results fails; calls are counted from 0.
    init(
        _ store: any DispatchStoring & CampaignStoring & IntakeStoring,
        refusal: @escaping @Sendable ([DispatchResult], _ call: Int) -> StoreError?
    ) {
        self.store = store
        self.refusal = refusal
    }

    func record(
        _ results: [DispatchResult], at now: Timestamp,
        rows: @escaping @Sendable (_ firstPosition: Int64) -> [Interaction]
    ) async throws(StoreError) {
        if let error = refusal(results, calls.add(1, ordering: .relaxed).oldValue) { throw error }
        try await store.record(results, at: now, rows: rows)
    }

    func plan(_ plans: [DispatchPlan], at now: Timestamp) async throws(StoreError) -> [PlannedDispatch] {
        try await store.plan(plans, at: now)
    }

    func claim(
        _ query: ClaimQuery, decide: @escaping @Sendable ([ClaimCandidate]) -> [ClaimDecision]
    ) async throws(StoreError) -> [ClaimedDispatch] {
        try await store.claim(query, decide: decide)
    }

    func handOff(
        _ ids: [DispatchID], node: Int64, at now: Timestamp
    ) async throws(StoreError) -> Set<DispatchID> {
        try await store.handOff(ids, node: node, at: now)
    }

    func release(node: Int64, at now: Timestamp) async throws(StoreError) -> Int {
        try await store.release(node: node, at: now)
    }

    func recover(node: Int64, at now: Timestamp) async throws(StoreError) -> Recovery {
        try await store.recover(node: node, at: now)
    }

    func dispatch(_ id: DispatchID) async throws(StoreError) -> DispatchRow? {
        try await store.dispatch(id)
    }

    func nextDue() async throws(StoreError) -> Timestamp? {
        try await store.nextDue()
    }

    func facts(_ queries: [FactsQuery]) async throws(StoreError) -> [ContactFacts] {
        try await store.facts(queries)
    }

    func create(_ campaign: CampaignRecord) async throws(StoreError) -> CampaignRecord {
        try await store.create(campaign)
    }

    func campaigns(limit: Int) async throws(StoreError) -> [CampaignRecord] {
        try await store.campaigns(limit: limit)
    }

    func sendingCampaigns() async throws(StoreError) -> [CampaignKey] {
        try await store.sendingCampaigns()
    }

    func campaign(_ key: CampaignKey) async throws(StoreError) -> CampaignRecord? {
        try await store.campaign(key)
    }

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
