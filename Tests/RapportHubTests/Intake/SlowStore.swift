import RapportCore
import RapportLog
import Synchronization

/// A store whose first commit waits until it is let go; everything else it leaves to the one it stands for.
final class SlowStore: IntakeStoring, CustomerStoring, FollowUpReading {
    private let store: any IntakeStoring & CustomerStoring & FollowUpReading
    /// What it throws is what the look-up of customers throws.
    private let beforeLookUp: @Sendable () async throws(StoreError) -> Void
    private let isFirst = Atomic(true)
    private let (asked, tellAsked) = AsyncStream.makeStream(of: Void.self)
    private let (gate, openGate) = AsyncStream.makeStream(of: Void.self)

    init(
        _ store: any IntakeStoring & CustomerStoring & FollowUpReading,
        beforeLookUp: @escaping @Sendable () async throws(StoreError) -> Void = {}
    ) {
        self.store = store
        self.beforeLookUp = beforeLookUp
    }

    /// Returns when the commit waits.
    func isAskedToCommit() async {
        for await _ in asked { return }
    }

    /// The commit goes on.
    func letCommit() {
        openGate.finish()
    }

    func commit(
        upTo limit: Int, gathering gather: @escaping @Sendable () -> IntakeBatch
    ) async throws(StoreError) -> [IntakeOutcome] {
        if isFirst.exchange(false, ordering: .relaxed) {
            tellAsked.yield()
            for await _ in gate {}
        }
        return try await store.commit(upTo: limit, gathering: gather)
    }

    func matchedReceipts(limit: Int) async throws(StoreError) -> [MatchedReceipt] {
        try await store.matchedReceipts(limit: limit)
    }

    func customers(_ ids: [CustomerID]) async throws(StoreError) -> [CustomerID: Customer] {
        try await beforeLookUp()
        return try await store.customers(ids)
    }

    func shown(_ ids: [CustomerID]) async throws(StoreError) -> [CustomerID: Customer] { try await store.shown(ids) }

    func customers(at addresses: [Address]) async throws(StoreError) -> [Address: [CustomerID]] {
        try await store.customers(at: addresses)
    }

    func overviews(
        of subject: CustomerOverview.Subject, limits: CustomerOverview.Limits
    ) async throws(StoreError) -> [CustomerOverview] {
        try await store.overviews(of: subject, limits: limits)
    }

    func search(_ prefix: String, limit: Int) async throws(StoreError) -> [Customer] {
        try await store.search(prefix, limit: limit)
    }

    func audience(
        _ filter: AudienceFilter, after: CustomerID?, limit: Int
    ) async throws(StoreError) -> [Customer] {
        try await store.audience(filter, after: after, limit: limit)
    }

    func merged(into customer: CustomerID) async throws(StoreError) -> [Customer] {
        try await store.merged(into: customer)
    }

    func aliases(of customer: CustomerID) async throws(StoreError) -> [CustomerID] {
        try await store.aliases(of: customer)
    }

    func mergedInto(_ customer: CustomerID) async throws(StoreError) -> CustomerID? {
        try await store.mergedInto(customer)
    }

    func consents(of customer: CustomerID) async throws(StoreError) -> [ConsentEntry] {
        try await store.consents(of: customer)
    }

    func suppressions(of addresses: [Address]) async throws(StoreError) -> [Suppression] {
        try await store.suppressions(of: addresses)
    }

    func suppressions(
        _ filter: SuppressionFilter, before: EntryID?, limit: Int
    ) async throws(StoreError) -> [Suppression] {
        try await store.suppressions(filter, before: before, limit: limit)
    }

    func dispatches(of customer: CustomerID, limit: Int) async throws(StoreError) -> [DispatchRow] {
        try await store.dispatches(of: customer, limit: limit)
    }

    func erase(
        _ customer: CustomerID, at now: Timestamp, by author: String,
        progress: @escaping @Sendable (_ done: Int64, _ of: Int64) -> Void
    ) async throws(StoreError) -> [(table: String, rows: Int)] {
        try await store.erase(customer, at: now, by: author, progress: progress)
    }

    func followUps(_ filter: FollowUpFilter, limit: Int) async throws(StoreError) -> [FollowUp] {
        try await store.followUps(filter, limit: limit)
    }

    func followUp(_ id: FollowUpID) async throws(StoreError) -> FollowUp? { try await store.followUp(id) }

    func finishErasures() async throws(StoreError) -> Int { try await store.finishErasures() }
}
