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

    @Test("what a call brings later without a number belongs to whoever called, on that exchange and no other")
    func callWithoutNumber() async throws {
        let hub = try await HubFixture()
        func event(_ kind: InteractionKind, _ id: String, from: String? = nil) -> InboundEvent {
            InboundEvent(
                kind: kind, channel: .ivr, sourceID: id, customerAddresses: from.map { [RawAddress(.tel, $0)] } ?? [],
                conversation: "call:7")
        }
        let ana = try await hub.take(event(.callStarted, "1", from: "+8613800138000"), adapter: "pbx").customer
        var key = event(.callDigits, "2")
        key.requests = [.optOut(topic: "offers", channel: nil, method: "key-press")]
        #expect(try await hub.take(key, adapter: "pbx").customer == ana)
        #expect(try await hub.take(event(.callCompleted, "3"), adapter: "pbx").customer == ana)
        #expect(try await Set(hub.store.consents(of: #require(ana)).map(\.state)) == [.denied])
        #expect(try await hub.take(event(.callDigits, "2"), adapter: "other").customer == nil)
        // Put through to somebody else.
        #expect(try await hub.take(event(.callDigits, "4", from: "+8613800138001"), adapter: "pbx").customer != ana)
        // One whose number is withheld from the start is one customer, too.
        var callback = event(.callCallbackRequested, "5")
        callback.conversation = "call:8"
        var recorded = event(.callRecorded, "6")
        recorded.conversation = "call:8"
        let nobody = try await hub.take(callback, adapter: "pbx").customer
        #expect(nobody != nil)
        #expect(try await hub.take(recorded, adapter: "pbx").customer == nobody)
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
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
        let conflict = StoreStatus.IdentityConflict(
            customer: try #require(ana), other: try #require(bo), interaction: try #require(next.first?.id))
        #expect(try await hub.store.status(at: hub.now).conflicts == [conflict])
        let report = try await StatusReport.read(from: hub.store, at: hub.now)
        #expect(report.attention.contains("1 identity conflict is open: an event named customers who may be one"))
        _ = try await hub.desk.tellApart(conflict.other, conflict.customer)
        both.sourceID = "again"
        _ = try await hub.take(both)
        #expect(try await hub.store.status(at: hub.now).conflictsOpen == 0)
        await #expect(throws: DeskError.sameCustomer) { try await hub.desk.tellApart(conflict.other, conflict.other) }
        _ = try await hub.desk.merge(conflict.other, into: conflict.customer)
        await #expect(throws: DeskError.alreadyMerged) {
            try await hub.desk.tellApart(conflict.other, conflict.customer)
        }
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
