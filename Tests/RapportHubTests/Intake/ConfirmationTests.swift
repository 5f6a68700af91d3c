import RapportChannels
import RapportCore
import RapportLog
import RapportPolicy
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("A yes where the policy asks for a double opt-in")
struct ConfirmationTests {
    private static let mail = Address(normalized: "mailto:ana@example.com")!
    private static let other = Address(normalized: "mailto:ana@work.example")!
    private static let number = Address(normalized: "tel:+8613800138000")!

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var channel: Channel
        /// `nil`: the event names the customer and no address, as a page or a colleague does.
        var from: Address?
        var confirmation: ConfirmationSource
        /// Over which the yes is said.
        var over: Channel?
        var confirmed: [Address]
    }

    private static func standing(
        of address: Address, _ channel: Channel, _ customer: CustomerID, _ hub: HubFixture
    ) async throws -> ConsentStanding {
        let facts = try await hub.store.facts(
            [FactsQuery(customer: customer, addresses: [mail, other, number])], lookback: .everything)
        let request = ContactRequest(messageClass: .marketing, topic: "club", channel: channel, address: address)
        return hub.policy.current.consent(request, facts[0], now: hub.now)
    }

    @Test(
        "is confirmed for the address whose holder is known to have said it, and for no other",
        arguments: [
            Case(
                testDescription: "a form, a From: line", channel: .web, confirmation: .missing, over: .email,
                confirmed: []),
            Case(
                testDescription: "a mail", channel: .email, from: mail, confirmation: .missing, over: .email,
                confirmed: []),
            Case(
                testDescription: "a link that came by mail", channel: .web, confirmation: .holder(mail), over: .email,
                confirmed: [mail]),
            Case(
                testDescription: "a link that came by mail, for texts", channel: .web, confirmation: .holder(mail),
                over: .sms, confirmed: []),
            Case(
                testDescription: "a text", channel: .sms, from: number, confirmation: .sender, over: .sms,
                confirmed: [number]),
            Case(
                testDescription: "a key pressed in a call, for everything", channel: .ivr, from: number,
                confirmation: .sender, over: nil, confirmed: [number]),
            Case(
                testDescription: "a key pressed in a call without a number", channel: .ivr, confirmation: .sender,
                over: nil, confirmed: []),
            Case(
                testDescription: "a colleague", channel: .desk, confirmation: .missing, over: .email, confirmed: []),
            Case(
                testDescription: "a colleague who answers for it", channel: .desk, confirmation: .vouched,
                over: .email, confirmed: [mail, other]),
        ])
    func confirmed(_ example: Case) async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email,phone\ncrm/1,ana@example.com;ana@work.example,13800138000\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com")).id
        _ = try await hub.take(
            InboundEvent(
                kind: .preferencesChanged, channel: example.channel,
                customerAddresses: example.from.map { [RawAddress($0.scheme, $0.value)] } ?? [],
                customer: example.from == nil ? ana : nil,
                requests: [
                    .optIn(
                        topic: "club", channel: example.over, method: "test", confirmation: example.confirmation)
                ]))
        let entries = try await hub.store.consents(of: ana)
        #expect(entries.contains { $0.address == nil && $0.confirmedAt == nil && $0.state == .granted })
        #expect(Set(entries.filter { $0.confirmedAt != nil }.compactMap(\.address)) == Set(example.confirmed))
        for (address, channel) in [(Self.mail, Channel.email), (Self.other, .email), (Self.number, .sms)]
        where example.over == nil || example.over == channel {
            let expected: ConsentStanding = example.confirmed.contains(address) ? .agreed : .unconfirmed
            #expect(try await Self.standing(of: address, channel, ana, hub) == expected, "\(address.uri)")
        }
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("an address that is added later is not confirmed by what was confirmed before")
    func laterAddress() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,ana@example.com\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com")).id
        let yes = CustomerRequest.optIn(topic: "club", channel: .email, method: "desk", confirmation: .vouched)
        _ = try await hub.take(InboundEvent(kind: .consentGranted, channel: .desk, customer: ana, requests: [yes]))
        _ = try await hub.imports("id,email\ncrm/1,ana@work.example\n")
        #expect(try await Self.standing(of: Self.mail, .email, ana, hub) == .agreed)
        #expect(try await Self.standing(of: Self.other, .email, ana, hub) == .unconfirmed)
        try await hub.close()
    }

    @Test("a later confirmation is one more entry, for its address alone, with its proof; it lifts no other's no")
    func later() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,ana@example.com;ana@work.example\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com")).id
        func take(_ request: CustomerRequest, _ attributes: [String: String] = [:]) async throws {
            hub.advance(seconds: 60)
            _ = try await hub.take(
                InboundEvent(
                    kind: .preferencesChanged, channel: .web, customer: ana, attributes: attributes,
                    requests: [request]))
        }
        try await take(.optIn(topic: "club", channel: .email, method: "api"))
        _ = try await hub.store.commit(
            [IntakeItem(key: nil, customer: ana)], query: IntakeQuery(recordedAt: hub.now, campaignsSince: hub.now)
        ) { _, facts in
            let position = facts.takePosition()
            let no = ConsentEntry(
                id: EntryID(position: position), customer: ana, address: Self.other, topic: "club", channel: .email,
                state: .denied, at: hub.now, method: "test")
            return [
                IntakeDecision(interactions: [
                    Interaction(
                        id: InteractionID(position), customer: ana, channel: .web, adapter: "web", direction: .inbound,
                        kind: .preferencesChanged, occurredAt: hub.now, recordedAt: hub.now,
                        effects: [.consentRecorded(no)])
                ])
            ]
        }
        let before = try await hub.store.consents(of: ana).count
        try await take(
            .confirm(topic: "club", channel: .email, address: Self.mail, method: "preference-page"),
            ["ip": "203.0.113.9", "message": "d7", "other": "x"])
        let entries = try await hub.store.consents(of: ana)
        #expect(entries.count == before + 1)
        let entry = try #require(entries.last)
        #expect(entry.address == Self.mail && entry.state == .granted && entry.confirmedAt == hub.now)
        #expect(entry.proof["ip"] == "203.0.113.9" && entry.proof["message"] == "d7" && entry.proof["other"] == nil)
        #expect(try await Self.standing(of: Self.mail, .email, ana, hub) == .agreed)
        #expect(try await Self.standing(of: Self.other, .email, ana, hub) == .refused)

        // Of an address that is not the customer's, or not one for the channel, nothing is written.
        let stranger = try #require(Address(normalized: "mailto:eve@example.com"))
        try await take(.confirm(topic: "club", channel: .email, address: stranger, method: "preference-page"))
        try await take(.confirm(topic: "club", channel: .sms, address: Self.mail, method: "preference-page"))
        #expect(try await hub.store.consents(of: ana).count == before + 1)
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }
}
