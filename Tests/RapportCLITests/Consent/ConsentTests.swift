import RapportApp
import RapportCore
import RapportHub
import RapportLog
import RapportPolicy
import Testing

@testable import RapportCLI

@Suite("Consent entered by a colleague")
struct ConsentTests {
    @Test("takes topics of the policy and channels that can be sent over, and knows what was probably meant")
    func scope() async throws {
        let desk = try await DeskFixture()
        let policy = try desk.hub.policy.current
        let all = try ConsentScope(topic: "*", channel: "*", policy: policy)
        #expect(all.topic == nil && all.channel == nil)
        let one = try ConsentScope(topic: "offers", channel: "sms", policy: policy)
        #expect(one.topic == "offers" && one.channel == .sms)
        let topic = #expect(throws: ScopeError.self) {
            try ConsentScope(topic: "ofers", channel: "sms", policy: policy)
        }
        #expect(topic?.description == "there is no topic ‘ofers’; did you mean ‘offers’?")
        let channel = #expect(throws: ScopeError.self) { try ConsentScope(topic: "*", channel: "web", policy: policy) }
        #expect(channel?.kind == "channel")
        try await desk.close()
    }

    @Test("is in the ledger with its author, wording and the time it was said")
    func ledger() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,,")
        let customer = try await desk.hub.resolve(customer: "crm/1").customer
        let at = try Timestamp("2026-01-05T10:00:00Z")
        let yes = ConsentChange(
            scope: try ConsentScope(topic: "offers", channel: "email", policy: try desk.hub.policy.current),
            isGrant: true,
            wording: "Yes, send it", at: at, author: "lena")
        _ = try await yes.submit(for: customer, hub: desk.hub)
        let entries = try await desk.hub.store.consents(of: customer.id)
        #expect(!entries.isEmpty)
        for entry in entries {
            #expect(entry.state == .granted && entry.at == at && entry.method == "desk" && entry.topic == "offers")
            #expect(entry.proof["author"] == "lena" && entry.proof["wording"] == "Yes, send it")
        }
        try await desk.close()
    }

    @Test("a no holds from now on, and an earlier yes that is entered later is refused")
    func laterNo() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,,")
        let customer = try await desk.hub.resolve(customer: "crm/1").customer
        let policy = try desk.hub.policy.current
        let no = ConsentChange(
            scope: try ConsentScope(topic: "*", channel: "*", policy: policy), isGrant: false, author: "lena")
        _ = try await no.submit(for: customer, hub: desk.hub)
        let yes = ConsentChange(
            scope: try ConsentScope(topic: "offers", channel: "email", policy: policy), isGrant: true,
            at: try Timestamp("2026-01-05T10:00:00Z"), author: "lena")
        let error = await #expect(throws: ConsentError.self) { try await yes.submit(for: customer, hub: desk.hub) }
        #expect(try #require(error).description.hasPrefix("the customer said no afterwards"))
        let future = ConsentChange(
            scope: yes.scope, isGrant: true, at: desk.hub.clock().adding(seconds: 3600), author: "lena")
        await #expect(throws: ConsentError.self) { try await future.submit(for: customer, hub: desk.hub) }
        #expect(try await desk.hub.store.consents(of: customer.id).allSatisfy { $0.state == .denied })
        try await desk.close()
    }

    @Test(
        "counts for a double opt-in when whoever enters it answers for the confirmation, and for known addresses only")
    func confirmed() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,,", "crm/2,Bo,,13800138000,,")
        let policy = try desk.hub.policy.current
        let scope = try ConsentScope(topic: "club", channel: "email", policy: policy)
        let plain = ConsentChange(scope: scope, isGrant: true, author: "lena")
        #expect(plain.waitsForConfirmation(in: policy))
        let ana = try await desk.hub.resolve(customer: "crm/1").customer
        _ = try await plain.submit(for: ana, hub: desk.hub)
        func shown() async throws -> [String] { try await CustomerProfile.read(ana, hub: desk.hub).lines() }
        #expect(try await shown().contains { $0.hasPrefix("club    unconfirmed") })

        let signed = ConsentChange(scope: scope, isGrant: true, isConfirmed: true, author: "lena")
        #expect(!signed.waitsForConfirmation(in: policy))
        _ = try await signed.submit(for: ana, hub: desk.hub)
        #expect(try await shown().contains { $0.hasPrefix("club    yes") })
        let entries = try await desk.hub.store.consents(of: ana.id).filter { $0.confirmedAt != nil }
        #expect(entries.map(\.address?.uri) == ["mailto:ana@example.com"])
        #expect(entries.allSatisfy { $0.proof["author"] == "lena" })
        #expect(ConsentText.table(entries).lines(width: .max)[0].contains("CONFIRMED"))

        let bo = try await desk.hub.resolve(customer: "crm/2").customer
        let error = await #expect(throws: ConsentError.self) { try await signed.submit(for: bo, hub: desk.hub) }
        #expect(error?.description == "--confirmed: there is no address for email that could have been confirmed")
        try await desk.close()
    }
}
