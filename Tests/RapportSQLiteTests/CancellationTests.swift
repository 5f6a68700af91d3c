import RapportCore
import RapportLog
import Testing

@testable import RapportSQLite
@testable import RapportStoreConformance

@Suite("Cancelling a campaign of many")
struct CancellationTests {
    private static let key = CampaignKey(name: "spring")

    /// A store with a campaign that is being sent to so many customers.
    private static func with(
        rows count: Int, _ body: (Stage, SQLiteStore, [DispatchID], ScratchFolder) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        let stage = Stage(store: store, place: folder)
        let items = (0..<count).map { _ in IntakeItem(key: nil) }
        let outcomes = try await store.commit(items, query: stage.query()) { new, facts in
            new.map { _ in
                let position = facts.takePosition()
                let effects = [Effect.customerCreated(CustomerID(position))]
                return IntakeDecision(interactions: [
                    Stage.row(position, customer: CustomerID(position), kind: .customerImported, effects: effects)
                ])
            }
        }
        #expect(try await stage.campaign(key.name) == key)
        let plans = outcomes.map { outcome in
            let address = Stage.address("mailto:c\(outcome.interaction.number)@example.com")
            return DispatchPlan(
                customer: CustomerID(outcome.interaction.number), campaign: key, messageClass: .marketing,
                topic: "news", routes: [Route(channel: .email, adapter: "mail", address: address)], dueAt: stage.now)
        }
        let ids = try await store.plan(plans, at: stage.now).map(\.id)
        try await body(stage, store, ids, folder)
    }

    @Test("leaves nothing waiting, however many there are")
    func many() async throws {
        try await Self.with(rows: 4_001) { stage, store, _, _ in
            try await stage.claimAll(limit: 1)
            _ = try await store.move(Self.key, from: [.sending], to: .cancelled, note: nil, at: stage.now)
            #expect(try await store.progress(Self.key, at: stage.now).states == [.cancelled: 4_001])
            #expect(try await store.finishCancellations() == 0)
            try await store.close()
        }
    }

    @Test("lets other processes write between its parts, also in a task that was cancelled")
    func pause() async {
        let pausing = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            let start = ContinuousClock.now
            await SQLiteStore.letOthersWrite()
            return ContinuousClock.now - start
        }
        #expect(await pausing.value >= .milliseconds(3))
    }

    @Test("lets nothing leave from its first transaction on, and is finished after it was cut off there")
    func cutOff() async throws {
        try await Self.with(rows: 2_010) { stage, store, ids, folder in
            try await stage.claimAll(limit: 4)
            _ = try await store.handOff([ids[0], ids[1]], node: 1, at: stage.now)
            try await stage.record(ids[1], .repeat(at: stage.now, rule: "uncertain"))
            let now = stage.now
            let moved = try await store.commits.write("cancelling") {
                try CampaignTable($0).move(Self.key, from: [.sending], to: .cancelled, note: nil, at: now)
            }
            #expect(moved?.state == .cancelled)
            #expect(try await store.progress(Self.key, at: now).states[.planned] == 2_006)
            #expect(try await store.handOff(ids, node: 1, at: now).isEmpty)
            #expect(try await stage.claimAll().isEmpty)
            #expect(try await store.nextDue() == nil)
            try await store.close()

            let next = try await SQLiteStore.open(path: folder.path())
            #expect(try await next.finishCancellations() == 2_007)
            #expect(try await next.finishCancellations() == 0)
            #expect(
                try await next.progress(Self.key, at: now).states == [.handedOff: 1, .unknown: 1, .cancelled: 2_008])
            #expect(try await next.verifyProjections { _, _ in }.isEmpty)
            try await next.close()
        }
    }
}
