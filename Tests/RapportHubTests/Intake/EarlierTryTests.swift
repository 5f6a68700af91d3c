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
        var event = InboundEvent(
            kind: .deliveryBounced, channel: .email, sourceID: "\(route ?? -1) \(named ?? "")",
            customerAddresses: named.map { [RawAddress(.mailto, $0)] } ?? [], dispatch: dispatch,
            delivery: DeliveryReport(outcome: outcome, addressIsBad: outcome == .bounced, code: "5.1.1"))
        event.route = route
        return try await hub.take(event)
    }

    /// A wish to leave by a mail to a mailbox that has the message's token, or that a machine reports with such a one.
    private func wish(
        _ hub: HubFixture, of dispatch: DispatchID, route: Int?, from sender: String, isReported: Bool = false
    ) async throws -> CommittedEvent {
        let method = isReported ? "feedback-report" : "mail"
        var event = hub.message(
            from: sender, "unsubscribe", requests: [.optOut(topic: nil, channel: .email, method: method)])
        if isReported { event.kind = .messageAutoReply }
        event.isReported = isReported
        event.dispatch = .dispatch(dispatch)
        event.route = route
        return try await hub.take(event)
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

    @Test(
        "counts, when it is a wish to leave by mail, at the address of the way that it names, or else at the one now",
        arguments: [(0, [old]), (1, [new]), (nil, [new]), (2, [])] as [(Int?, [String?])])
    func leaves(route: Int?, reached: [String?]) async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,old@example.com\n")
        let ana = try #require(try await hub.customer(at: "old@example.com"))
        _ = try await hub.desk.enter(CustomerDesk.Entry(addresses: try addresses) { $0 }, about: ana.id)
        let id = try await sentTwice(hub, to: ana.id)
        #expect(try await wish(hub, of: id, route: route, from: "other@example.net").customer == ana.id)
        let expected: [String?] = [nil, "mailto:other@example.net"] + reached
        #expect(try await hub.store.consents(of: ana.id).map(\.address?.uri) == expected)
        try await hub.close()
    }

    @Test("counts, when it is such a wish, for whoever has that address now")
    func leavesAfterwards() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,new@example.com\ncrm/2,old@example.com\n")
        let ana = try #require(try await hub.customer(at: "new@example.com"))
        let bob = try #require(try await hub.customer(at: "old@example.com"))
        let id = try await sentTwice(hub, to: ana.id)
        #expect(try await wish(hub, of: id, route: 0, from: "other@example.net").customer == bob.id)
        let expected: [String?] = [nil, "mailto:other@example.net", Self.old]
        #expect(try await hub.store.consents(of: bob.id).map(\.address?.uri) == expected)
        #expect(try await hub.store.consents(of: ana.id).isEmpty)
        try await hub.close()
    }

    @Test(
        "counts, when a machine tells of such a wish, at that address, and for nobody else whom it names",
        arguments: [
            (0, "old@example.com", [old]), (0, "8f3a2c@example.com", [old]), (0, "bob@example.com", []),
            (1, "new@example.com", [new]), (nil, "new@example.com", [new]), (nil, "8f3a2c@example.com", [new]),
        ] as [(Int?, String, [String?])])
    func reportedWish(route: Int?, named: String, reached: [String?]) async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,old@example.com\ncrm/2,bob@example.com\n")
        let ana = try #require(try await hub.customer(at: "old@example.com"))
        let bob = try #require(try await hub.customer(at: "bob@example.com"))
        _ = try await hub.desk.enter(CustomerDesk.Entry(addresses: try addresses) { $0 }, about: ana.id)
        let id = try await sentTwice(hub, to: ana.id)
        let row = try await wish(hub, of: id, route: route, from: named, isReported: true)
        #expect(row.customer == ana.id)
        #expect(try await hub.store.consents(of: ana.id).map(\.address?.uri) == reached)
        #expect(try await hub.store.consents(of: bob.id).isEmpty)
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
