import RapportChannels
import RapportCore
import RapportLog
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("Whose event it is")
struct IdentityTests {
    private let mail = Address(normalized: "mailto:ana@example.com")!
    private let phone = Address(normalized: "tel:+8613800138000")!

    @Test("addresses narrow each other down, and the first one wins where they disagree")
    func resolution() {
        let (a, b, c) = (CustomerID(1), CustomerID(2), CustomerID(3))
        func resolve(_ known: [Address: [CustomerID]]) -> IdentityResolution {
            IdentityResolution(addresses: [mail, phone], customersByAddress: known)
        }
        #expect(resolve([:]).customer == nil)
        #expect(resolve([:]).unknown == [mail, phone])
        #expect(resolve([phone: [a]]).customer == a)
        #expect(resolve([phone: [a]]).unknown == [mail])
        #expect(resolve([mail: [a, b], phone: [b]]).customer == b)
        #expect(resolve([mail: [a, b], phone: [b]]).conflicts == [])
        #expect(resolve([mail: [a], phone: [b, c]]).customer == a)
        #expect(resolve([mail: [a], phone: [b, c]]).conflicts == [b, c])
    }

    @Test("an unknown address makes a customer, and the next event finds them")
    func unknownAddress() async throws {
        let hub = try await HubFixture()
        let first = try await hub.take(hub.message(from: "Ana@Example.com"))
        let second = try await hub.take(hub.message(from: "ana@example.COM"))
        #expect(first.customer != nil && first.customer == second.customer)
        try await hub.close()
    }

    @Test("an event that names two customers is logged as a conflict and merges nobody")
    func conflict() async throws {
        let hub = try await HubFixture()
        let ana = try await hub.take(hub.message(from: "ana@example.com")).customer
        let bo = try await hub.take(hub.message(from: "tel:13800138000", channel: .sms)).customer
        var both = hub.message(from: "ana@example.com")
        both.customerAddresses.append(RawAddress(.tel, "+86 138 0013 8000"))
        let outcome = try await hub.take(both)
        #expect(outcome.customer == ana)
        let next = try await hub.store.interactions(after: outcome.interaction, limit: 10)
        #expect(next.map(\.kind) == [.identityConflict])
        #expect(next.first?.attributes["customers"] == bo?.description)
        #expect(try await hub.store.customers([#require(bo)])[#require(bo)]?.id == bo)
        try await hub.close()
    }

    @Test("an address that can't be normalized is logged with the reason, not lost")
    func badAddress() async throws {
        let hub = try await HubFixture()
        let outcome = try await hub.take(hub.message(from: "tel:12", channel: .sms))
        let row = try await hub.store.interaction(outcome.interaction, payload: false)
        #expect(row?.from == "tel:12")
        #expect(row?.attributes["address-problem"]?.isEmpty == false)
        try await hub.close()
    }
}
