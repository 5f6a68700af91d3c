import RapportChannels
import RapportCore
import RapportLog
import RapportPolicy
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("A message whose first way is forbidden, and whose next one is over an adapter that is not there")
struct GoneAdapterTests {
    private let key = CampaignKey(name: "spring")
    private let mail = RecordingAdapter(name: "mail", channel: .email)

    /// A campaign by mail, to which nobody has said yes, and by text.
    private func planned(_ count: Int) async throws -> HubFixture {
        let hub = try await HubFixture()
        let rows = (1...count).map { "\($0),N\($0),n\($0)@example.com,+86138001380\($0 + 10),offers:sms:granted\n" }
        _ = try await hub.imports("id,name,email,phone,consents\n" + rows.joined())
        let definition = CampaignDefinition(
            name: "spring", title: "Spring", messageClass: .marketing, topic: "offers", channels: [.email, .sms],
            adapters: [:], audience: .everyone, offer: nil, occurrence: nil, startAt: nil, expiry: nil, language: "en",
            throttle: ThrottleSettings(), repeats: false, variables: [:],
            templates: [
                .init(channel: .email, language: nil, part: .text, text: "Subject: Hi\n\nDear {{name}}\n"),
                .init(channel: .sms, language: nil, part: .text, text: "Hi {{name}}"),
            ], attachments: [], content: "c1")
        _ = try await hub.campaigns.send(definition, folder: nil) { _ in }
        return hub
    }

    @Test("waits with what else waits for that adapter, of which a few are looked at, and is told by the status")
    func waits() async throws {
        let hub = try await planned(20)
        let dispatcher = try await hub.dispatcher([mail])
        for putOff in [20, 16] {
            #expect(try await dispatcher.claim(["mail": 32]).isEmpty)
            let rows = try await hub.store.rows(of: key, states: [.planned], after: nil, limit: 99)
            #expect(rows.count == 20 && rows.allSatisfy { $0.adapter == "sms" })
            #expect(rows.filter { $0.dueAt > hub.now }.count == putOff)
            hub.advance(seconds: 61)
        }
        let report = try await StatusReport.read(from: hub.store, at: hub.now, adapters: ["mail"])
        #expect(report.attention.contains("no adapter is called ‘sms’: 20 messages wait for it"))
        try await hub.close()
    }

    @Test("takes its first way when that is allowed before it has left")
    func allowedAgain() async throws {
        let hub = try await planned(1)
        let dispatcher = try await hub.dispatcher([mail])
        #expect(try await dispatcher.claim(["mail": 8]).isEmpty)
        _ = try await hub.imports("id,email,consents\n1,n1@example.com,offers:email:granted\n")
        hub.advance(seconds: 61)
        #expect(try await dispatcher.claim(["mail": 8]).map(\.route.address.uri) == ["mailto:n1@example.com"])
        let rows = try await hub.store.rows(of: key, states: [.claimed], after: nil, limit: 9)
        #expect(rows.map(\.adapter) == ["mail"] && rows.map(\.channel) == [.email])
        try await hub.close()
    }

    @Test("is turned to its next way only when it has never left, because it may have arrived", arguments: [0, 1])
    func leftBefore(attempts: Int) throws {
        let mailbox = try #require(Address(normalized: "mailto:ana@example.com"))
        let number = try #require(Address(normalized: "tel:+8613800138000"))
        let plan = DispatchPlan(
            customer: CustomerID(1), campaign: nil, messageClass: .transactional, topic: "care",
            routes: [
                Route(channel: .email, adapter: "mail", address: mailbox),
                Route(channel: .sms, adapter: "sms", address: number),
            ], dueAt: HubFixture.start)
        let stop = ContactFacts.Suppression(id: "s1", address: mailbox, reason: .stop, at: HubFixture.start)
        let candidate = ClaimCandidate(
            id: DispatchID(1), customer: Customer(id: CustomerID(1)), plan: plan, routeIndex: 0, attempts: attempts,
            facts: ContactFacts(customer: ContactFacts.Person(id: "c1"), suppressions: [stop]))
        var decider = ClaimDecider(
            policy: try ContactPolicy(yaml: HubFixture.policyText), now: HubFixture.start, slots: ["mail": 9])
        let decisions = decider.decide([candidate])
        let later = HubFixture.start.adding(seconds: 60)
        let expected: ClaimDecision = attempts == 0 ? .turn(routeIndex: 1, until: later) : .leave(until: later)
        #expect(decisions == [expected])
    }
}
