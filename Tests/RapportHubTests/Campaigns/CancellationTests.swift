import Logging
import RapportCore
import RapportLog
import Testing

@testable import RapportHub
@testable import RapportSQLite

@Suite("A campaign's cancelling that was cut off")
struct CancellationTests {
    private static let key = CampaignKey(name: "spring")

    /// A hub whose campaign is cancelled and has one message that still waits.
    private func cutOff() async throws -> HubFixture {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,email\ncrm/1,N1,n1@example.com")
        let customer = try #require(try await hub.customer(at: "n1@example.com")).id
        let address = try #require(Address(normalized: "mailto:n1@example.com"))
        let now = hub.now
        _ = try await hub.store.create(
            CampaignRecord(
                key: Self.key, state: .planning, messageClass: .marketing, topic: "offers", definition: "{}",
                createdAt: now))
        let plan = DispatchPlan(
            customer: customer, campaign: Self.key, messageClass: .marketing, topic: "offers",
            routes: [Route(channel: .email, adapter: "mail", address: address)], dueAt: now)
        _ = try await hub.store.plan([plan], at: now)
        _ = try await hub.store.commits.write("cancelling") {
            try CampaignTable($0).move(Self.key, from: [.planning], to: .cancelled, note: nil, at: now)
        }
        #expect(try await states(hub) == [.planned: 1])
        return hub
    }

    private func states(_ hub: HubFixture) async throws -> [DispatchState: Int] {
        try await hub.store.progress(Self.key, at: hub.now).states
    }

    @Test("is finished by a hub when it starts")
    func finishes() async throws {
        let hub = try await cutOff()
        let service = Recurring.cancellationCompletion(store: hub.store, logger: Logger(label: "test"))
        let running = Task { try await service.run() }
        try await hub.waits("the cancelling to be finished") { try await states(hub) == [.cancelled: 1] }
        running.cancel()
        try await running.value
        try await hub.close()
    }

    @Test("is finished by cancelling again, which is refused once all is done")
    func again() async throws {
        let hub = try await cutOff()
        let course = CampaignCourse(store: hub.store, clock: hub.clock)
        #expect(try await course.cancel(Self.key).state == .cancelled)
        #expect(try await states(hub) == [.cancelled: 1])
        await #expect(throws: CampaignError.self) { try await course.cancel(Self.key) }
        try await hub.close()
    }

    @Test("is not what cancelling another campaign again tells of: that is refused, and leaves this one alone")
    func another() async throws {
        let hub = try await cutOff()
        let other = CampaignKey(name: "summer")
        _ = try await hub.store.create(
            CampaignRecord(
                key: other, state: .planning, messageClass: .marketing, topic: "offers", definition: "{}",
                createdAt: hub.now))
        let course = CampaignCourse(store: hub.store, clock: hub.clock)
        #expect(try await course.cancel(other).state == .cancelled)
        await #expect(throws: CampaignError.self) { try await course.cancel(other) }
        #expect(try await states(hub) == [.planned: 1])
        try await hub.close()
    }
}
