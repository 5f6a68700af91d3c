import Foundation
import RapportChannels
import RapportCore
import RapportLog
import RapportPolicy
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("Consents of a customer file where the policy asks for a double opt-in")
struct ConfirmedImportTests {
    private static let head = "id,email,phone,consents\n"

    private func standing(_ hub: HubFixture, at text: String = "ana@example.com") async throws -> ConsentStanding {
        let customer = try #require(try await hub.customer(at: text))
        let address = try #require(customer.addresses.first { $0.uri == "mailto:" + text })
        let facts = try await hub.store.facts(
            [FactsQuery(customer: customer.id, addresses: customer.addresses)], lookback: .everything)
        let request = ContactRequest(messageClass: .marketing, topic: "club", channel: .email, address: address)
        return hub.policy.current.consent(request, facts[0], now: hub.now)
    }

    @Test("a plain yes waits for a confirmation and is counted, where one is asked for and as long as there is none")
    func plain() async throws {
        let hub = try await HubFixture()
        let file =
            Self.head + "crm/1,ana@example.com,,club:email:granted:2026-01-05T10:00:00Z;offers:email:granted\n"
            + "crm/2,bo@example.com,,*:*:granted\ncrm/3,cy@example.com,,club:email:denied\n"
            + "crm/4,di@example.com,,club:ivr:granted\n"
        #expect(try await hub.imports(file) == .init(imported: 4, created: 4, unconfirmed: 2))
        #expect(try await standing(hub) == .unconfirmed)
        #expect(try await standing(hub, at: "bo@example.com") == .unconfirmed)
        #expect(try await hub.imports(file) == .init(imported: 4, unchanged: 4, unconfirmed: 2))
        let confirmed = Self.head + "crm/1,,,club:email:confirmed:2026-01-06T10:00:00Z\n"
        #expect(try await hub.imports(confirmed) == .init(imported: 1))
        #expect(try await hub.imports(file) == .init(imported: 4, unchanged: 4, unconfirmed: 1))
        try await hub.close()
    }

    @Test("‘confirmed’ is a yes that counts, for the addresses that the customer has then, and says nothing twice")
    func confirmed() async throws {
        let hub = try await HubFixture()
        let file = Self.head + "crm/1,ana@example.com,,club:email:confirmed:2026-01-05T10:00:00Z\n"
        #expect(try await hub.imports(file) == .init(imported: 1, created: 1))
        #expect(try await standing(hub) == .agreed)
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        let entries = try await hub.store.consents(of: ana.id)
        #expect(entries.map(\.address) == [nil, ana.addresses[1]])
        #expect(entries.map(\.confirmedAt) == [nil, Timestamp(rfc3339: "2026-01-05T10:00:00Z")])
        #expect(entries.allSatisfy { $0.state == .granted && $0.proof["author"] == "lena" })
        #expect(try await hub.imports(file) == .init(imported: 1, unchanged: 1))

        // Somebody else's form adds an address.
        _ = try await hub.imports("id,email\ncrm/1,eve@example.com\n")
        #expect(try await standing(hub, at: "eve@example.com") == .unconfirmed)
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("what was granted before is confirmed by a later file, on the same date too")
    func laterFile() async throws {
        let hub = try await HubFixture()
        func file(_ word: String) -> String {
            Self.head + "crm/1,ana@example.com,,club:*:\(word):2026-01-05T10:00:00Z\n"
        }
        _ = try await hub.imports(file("granted"))
        #expect(try await standing(hub) == .unconfirmed)
        #expect(try await hub.imports(file("confirmed")) == .init(imported: 1))
        #expect(try await standing(hub) == .agreed)
        #expect(try await hub.imports(file("granted")) == .init(imported: 1, unchanged: 1))

        // A form's yes names the address, too, and does not confirm it.
        _ = try await hub.imports(Self.head + "crm/2,bo@example.com,,\n")
        let bo = try #require(try await hub.customer(at: "bo@example.com"))
        let yes = CustomerRequest.optIn(topic: "club", channel: .email, method: "api")
        _ = try await hub.take(InboundEvent(kind: .preferencesChanged, channel: .web, customer: bo.id, requests: [yes]))
        #expect(try await hub.imports(Self.head + "crm/2,,,club:email:confirmed\n") == .init(imported: 1))
        #expect(try await standing(hub, at: "bo@example.com") == .agreed)
        try await hub.close()
    }

    @Test("a file confirms nothing at an address that was said no to, nor without a date after a no")
    func denied() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(Self.head + "crm/1,ana@example.com,,\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        _ = try await hub.take(
            InboundEvent(
                kind: .preferencesChanged, channel: .web, customer: ana.id,
                requests: [.optOut(topic: "club", channel: .email, method: "preference-page")]))
        hub.advance(seconds: 60)
        let undated = Self.head + "crm/1,,,club:email:confirmed\n"
        #expect(try await hub.imports(undated) == .init(rejected: 1))
        let dated = Self.head + "crm/1,,,club:email:confirmed:2099-01-05T10:00:00Z\n"
        _ = try await hub.imports(dated)
        #expect(try await standing(hub) == .refused)
        try await hub.close()
    }

    @Test("a line that confirms nothing is rejected: there is no address that could have been confirmed")
    func noAddress() async throws {
        let hub = try await HubFixture()
        let file = hub.folder.appending(path: "customers.csv").path
        let text = Self.head + "crm/1,,13800138000,club:email:confirmed\ncrm/2,,13800138001,club:sms:confirmed\n"
        #expect(try await hub.imports(text, file: file) == .init(imported: 1, created: 1, rejected: 1))
        #expect(
            try String(contentsOfFile: file + ".rejected", encoding: .utf8).contains(
                "line 2: consents: there is no address for email that could have been confirmed"))
        let known = Self.head + "crm/2,bo@example.com,,\ncrm/2,,,club:email:confirmed\n"
        #expect(try await hub.imports(known) == .init(imported: 2))
        try await hub.close()
    }
}
