import Logging
import RapportChannels
import RapportCore
import RapportLog
import RapportSQLite
import Synchronization
import Testing

@testable import RapportHub

@Suite("What a telephone menu knows of its callers")
struct CallerTests {
    /// A hub with two customers, of whom two colleagues take care.
    private static func hub() async throws -> HubFixture {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,phone,owner\ncrm/1,13800138000,Lena\ncrm/2,13800138001,Tom\n")
        return hub
    }

    private static func store(
        _ hub: HubFixture, beforeLookUp: @escaping @Sendable () async throws(StoreError) -> Void
    ) -> SlowStore {
        let store = SlowStore(hub.store, beforeLookUp: beforeLookUp)
        store.letCommit()
        return store
    }

    private static func intake(_ hub: HubFixture, _ store: SlowStore, patience: Duration) -> Intake {
        Intake(
            store: store, normalizer: hub.normalizer, settings: IntakeSettings(callerPatience: patience),
            clock: hub.clock, logger: Logger(label: "test"))
    }

    private static func call(_ number: String) -> InboundDelivery {
        let event = InboundEvent(
            kind: .callStarted, channel: .ivr, sourceID: number, customerAddresses: [RawAddress(.tel, number)])
        return InboundDelivery(events: [event], adapter: "phone", region: nil)
    }

    @Test("is looked up once for all calls that come together, and for nothing else")
    func together() async throws {
        let hub = try await Self.hub()
        let lookUps = Mutex(0)
        let store = Self.store(hub) { () throws(StoreError) in lookUps.withLock { $0 += 1 } }
        let intake = Self.intake(hub, store, patience: .seconds(600))
        let mail = InboundDelivery(events: [hub.message(from: "a@example.com")], adapter: "shop", region: nil)
        let results = await intake.submit([Self.call("13800138000"), mail, Self.call("13800138001")])
        let owners = try results.map { try $0.get()[0].owner }
        #expect(owners == ["Lena", nil, "Tom"])
        #expect(lookUps.withLock { $0 } == 1)
        _ = try await intake.submit(mail)
        #expect(lookUps.withLock { $0 } == 1)
        try await hub.close()
    }

    @Test("is left out when the store does not say it in time: the call is in the log", .timeLimit(.minutes(1)))
    func slow() async throws {
        let hub = try await Self.hub()
        let (gate, openGate) = AsyncStream.makeStream(of: Void.self)
        let store = Self.store(hub) { () throws(StoreError) in for await _ in gate {} }
        let intake = Self.intake(hub, store, patience: .milliseconds(20))
        let answered = try await intake.submit(Self.call("13800138000"))[0]
        #expect(answered.customer != nil && answered.owner == nil)
        #expect(try await hub.store.interaction(answered.interaction, payload: false)?.kind == .callStarted)
        openGate.finish()
        try await hub.close()
    }

    @Test("is left out when the store can't be read")
    func unreadable() async throws {
        let hub = try await Self.hub()
        let store = Self.store(hub) { () throws(StoreError) in throw StoreError(.busy, "a test") }
        let intake = Self.intake(hub, store, patience: .seconds(600))
        let answered = try await intake.submit(Self.call("13800138000"))[0]
        #expect(answered.customer != nil && answered.owner == nil)
        try await hub.close()
    }

    @Test("is not asked for again while too much is unanswered", .timeLimit(.minutes(1)))
    func bounded() async throws {
        let hub = try await Self.hub()
        let ana = try #require(try await hub.customer(at: "13800138000"))
        let (asked, tellAsked) = AsyncStream.makeStream(of: Void.self)
        let (gate, openGate) = AsyncStream.makeStream(of: Void.self)
        let store = Self.store(hub) { () throws(StoreError) in
            tellAsked.yield()
            for await _ in gate {}
        }
        let lookUp = CallerLookUp(
            store: store, patience: .seconds(600), limit: 1, logger: Logger(label: "test"))
        async let first = lookUp.customers([ana.id])
        for await _ in asked { break }
        #expect(await lookUp.customers([ana.id]).isEmpty)
        openGate.finish()
        #expect(await first[ana.id]?.profile.owner == "Lena")
        try await hub.close()
    }
}
