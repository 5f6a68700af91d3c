import RapportChannels
import RapportCore
import RapportLog
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("What is reported of a message that has left one address of a channel for another")
struct EarlierTryTests {
    private static let old = "mailto:old@example.com"
    private static let new = "mailto:new@example.com"

    /// A message that was refused at the first mailbox and taken at the second.
    private func sentTwice(
        _ hub: HubFixture, to customer: CustomerID, providerMessageID: String? = nil
    ) async throws -> DispatchID {
        let plan = DispatchPlan(
            customer: customer, campaign: nil, messageClass: .transactional, topic: "care",
            routes: try addresses.map { Route(channel: .email, adapter: "mail", address: $0) }, dueAt: hub.now)
        let id = try await hub.store.plan([plan], at: hub.now)[0].id
        for (index, outcome) in [
            DispatchResult.Outcome.fallBack(toRoute: 1),
            .sent(state: .accepted, providerMessageID: providerMessageID),
        ].enumerated() {
            _ = try await hub.store.claim(ClaimQuery(now: hub.now, limit: 9, node: 1)) { candidates in
                candidates.map { _ in .claim(routeIndex: index, policyVersion: "p") }
            }
            #expect(try await hub.store.handOff([id], node: 1, at: hub.now) == [id])
            try await hub.store.record([DispatchResult(id: id, outcome: outcome)], node: 1, at: hub.now) { _ in [] }
        }
        return id
    }

    private var addresses: [Address] {
        get throws { try [Self.old, Self.new].map { try #require(Address(normalized: $0)) } }
    }

    private func report(
        _ hub: HubFixture, of dispatch: DispatchReference, _ outcome: DeliveryReport.Outcome = .bounced,
        route: Int? = nil, naming named: String? = nil
    ) async throws -> CommittedEvent {
        try await hub.take(
            InboundEvent(
                kind: .deliveryBounced, channel: .email, sourceID: "\(route ?? -1) \(named ?? "")",
                customerAddresses: named.map { [RawAddress(.mailto, $0)] } ?? [], dispatch: dispatch,
                delivery: DeliveryReport(
                    outcome: outcome, addressIsBad: outcome == .bounced, code: "5.1.1", route: route)))
    }

    @Test(
        "counts for the address of the try that it is about, and for none where that can't be told",
        arguments: [
            (0, nil, .bounced, .accepted, [old], "earlier"), (0, nil, .complained, .accepted, [old], "earlier"),
            (0, nil, .delivered, .delivered, [], "earlier"),
            (0, "new@example.com", .bounced, .accepted, [old], "earlier"),
            (1, "old@example.com", .bounced, .bounced, [new], nil), (2, nil, .bounced, .accepted, [], "unknown"),
            (nil, nil, .bounced, .accepted, [], "unknown"),
            (nil, "bob@example.com", .bounced, .accepted, [], "unknown"),
            (nil, "old@example.com", .bounced, .accepted, [old], "earlier"),
            (nil, "new@example.com", .bounced, .bounced, [new], nil), (nil, nil, .delivered, .delivered, [], "unknown"),
        ] as [(Int?, String?, DeliveryReport.Outcome, DispatchState, [String], String?)])
    func reports(
        route: Int?, named: String?, outcome: DeliveryReport.Outcome, state: DispatchState, suppressed: [String],
        word: String?
    ) async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,old@example.com\ncrm/2,bob@example.com\n")
        let ana = try #require(try await hub.customer(at: "old@example.com"))
        _ = try await hub.desk.enter(CustomerDesk.Entry(addresses: try addresses) { $0 }, about: ana.id)
        let id = try await sentTwice(hub, to: ana.id)
        let row = try await report(hub, of: .dispatch(id), outcome, route: route, naming: named)
        #expect(row.customer == ana.id)
        #expect(try await hub.store.dispatch(id)?.state == state)
        #expect(try await hub.store.suppressions(of: try addresses).map(\.address.uri) == suppressed)
        #expect(try await hub.store.interaction(row.interaction, payload: false)?.attributes["try"] == word)
        try await hub.close()
    }

    @Test("counts for an address that is the customer's no more only where it tells its way itself")
    func left() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,new@example.com\n")
        let ana = try #require(try await hub.customer(at: "new@example.com"))
        let id = try await sentTwice(hub, to: ana.id)
        _ = try await report(hub, of: .dispatch(id), naming: "old@example.com")
        #expect(try await hub.store.suppressions(of: try addresses).isEmpty)
        _ = try await report(hub, of: .dispatch(id), route: 0)
        #expect(try await hub.store.suppressions(of: try addresses).map(\.address.uri) == [Self.old])
        try await hub.close()
    }

    @Test("is of the last try where it has the id that the provider gave the message then")
    func provider() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,old@example.com\n")
        let ana = try #require(try await hub.customer(at: "old@example.com"))
        let id = try await sentTwice(hub, to: ana.id, providerMessageID: "m1")
        _ = try await report(hub, of: .provider(adapter: "mail", messageID: "m1"))
        #expect(try await hub.store.dispatch(id)?.state == .bounced)
        #expect(try await hub.store.suppressions(of: try addresses).map(\.address.uri) == [Self.new])
        try await hub.close()
    }

    @Test("can be told from what is said of it now, because a message names its way where its channel has several")
    func ways() throws {
        let number = try #require(Address(normalized: "tel:+8613800138000"))
        let routes =
            try addresses.map { Route(channel: .email, adapter: "mail", address: $0) }
            + [Route(channel: .sms, adapter: "sms", address: number)]
        let plan = DispatchPlan(
            customer: CustomerID(1), campaign: nil, messageClass: .transactional, topic: "care", routes: routes,
            inlineContent: try SingleMessage(text: "hello").encoded(), dueAt: HubFixture.start)
        let candidate = ClaimCandidate(
            id: DispatchID(1), customer: Customer(id: CustomerID(1)), plan: plan, routeIndex: 0,
            facts: ContactFacts(customer: ContactFacts.Person(id: "c1")))
        let renderer = MessageRenderer(
            publicURL: "https://hub.example", tokens: DispatchTokens(secret: Secret("test")),
            clock: { HubFixture.start })
        let named = try routes.indices.map { index in
            try renderer.render(ClaimedDispatch(candidate: candidate, routeIndex: index), templates: nil).route
        }
        #expect(named == [0, 1, nil])
    }
}
