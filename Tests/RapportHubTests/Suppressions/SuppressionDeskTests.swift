import RapportChannels
import RapportCore
import RapportLog
import RapportPolicy
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("An address that somebody says must not be used")
struct SuppressionDeskTests {
    private static let ana = Address(normalized: "mailto:ana@example.com", deliverable: "mailto:Ana@example.com")!
    private static let number = Address(normalized: "tel:+8613800138000")!

    /// Reasons for which an address is suppressed now.
    private func active(_ hub: HubFixture, _ address: Address = ana) async throws -> [Suppression.Reason] {
        try await hub.store.suppressions(of: [address]).filter { !$0.hasEnded(at: hub.now) }.map(\.reason)
    }

    private func row(_ hub: HubFixture, _ id: InteractionID?) async throws -> Interaction {
        let id = try #require(id)
        return try #require(try await hub.store.interaction(id, payload: false))
    }

    @Test("is suppressed by one row of the log, said again without one, and lifted by another; nobody is made for it")
    func once() async throws {
        let hub = try await HubFixture()
        let entry = SuppressionEntry(address: Self.ana, reason: .manual)
        let added = try await hub.suppressions.add(entry)
        #expect(added.suppression.at == hub.now && added.suppression.until == nil)
        let first = try await row(hub, added.interaction)
        #expect(first.kind == .suppressionAdded && first.channel == .desk && first.direction == .internal)
        #expect(first.adapter == "cli" && first.customer == nil && first.to == "mailto:Ana@example.com")
        #expect(first.attributes == ["author": "lena", "reason": "manual"])
        #expect(first.effects == [.suppressed(added.suppression)])
        hub.advance(seconds: 60)
        #expect(try await hub.suppressions.add(entry) == .init(suppression: added.suppression, interaction: nil))
        #expect(try await hub.store.lastPosition() == 1)

        let lifted = try await hub.suppressions.lift(.manual, from: Self.ana)
        #expect(lifted.remaining.isEmpty)
        let second = try await row(hub, lifted.interaction)
        #expect(second.kind == .suppressionLifted && second.customer == nil && second.to == first.to)
        #expect(second.attributes == first.attributes)
        #expect(second.effects == [.suppressionLifted(Self.ana, .manual)])
        #expect(try await active(hub).isEmpty)
        // It is new again.
        #expect(try await hub.suppressions.add(entry).interaction == InteractionID(3))
        #expect(try await active(hub) == [.manual])
        #expect(try await hub.customer(at: "ana@example.com") == nil)
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test(
        "is suppressed anew for longer, and not for as long or less",
        arguments: [
            (nil, nil, false), (nil, 60, false), (60, 60, false), (60, 30, false), (60, nil, true), (60, 90, true),
        ] as [(Int64?, Int64?, Bool)])
    func longer(known: Int64?, told: Int64?, isNew: Bool) async throws {
        let hub = try await HubFixture()
        func entry(_ seconds: Int64?) -> SuppressionEntry {
            SuppressionEntry(address: Self.ana, reason: .manual, until: seconds.map { hub.now.adding(seconds: $0) })
        }
        _ = try await hub.suppressions.add(entry(known))
        let again = try await hub.suppressions.add(entry(told))
        #expect((again.interaction != nil) == isNew)
        #expect(try await hub.store.lastPosition() == (isNew ? 2 : 1))
        try await hub.close()
    }

    @Test("is suppressed anew for another reason, and when the time is over")
    func anew() async throws {
        let hub = try await HubFixture()
        let until = hub.now.adding(seconds: 60)
        let entry = SuppressionEntry(
            address: Self.ana, reason: .hardBounce, at: hub.now.adding(seconds: -3600), until: until)
        let added = try await hub.suppressions.add(entry)
        #expect(added.suppression.at == entry.at && added.suppression.until == until)
        let written = try await row(hub, added.interaction)
        #expect(written.occurredAt == entry.at && written.recordedAt == hub.now)
        #expect(written.attributes["until"] == until.rfc3339)
        #expect(try await hub.suppressions.add(SuppressionEntry(address: Self.ana, reason: .stop)).interaction != nil)
        hub.advance(seconds: 60)
        #expect(try await active(hub) == [.stop])
        let again = SuppressionEntry(address: Self.ana, reason: .hardBounce)
        #expect(try await hub.suppressions.add(again).interaction != nil)
        #expect(try await active(hub) == [.stop, .hardBounce])
        try await hub.close()
    }

    @Test("has its row in the timeline of the customer who has it, if one alone does")
    func holder() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(
            "id,email,phone\ncrm/1,ana@example.com,\ncrm/2,,13800138000\ncrm/3,,13800138000\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        let own = try await hub.suppressions.add(SuppressionEntry(address: Self.ana, reason: .manual))
        #expect(try await row(hub, own.interaction).customer == ana.id)
        let shared = try await hub.suppressions.add(SuppressionEntry(address: Self.number, reason: .manual))
        #expect(try await row(hub, shared.interaction).customer == nil)
        let lifted = try await hub.suppressions.lift(.manual, from: Self.ana)
        #expect(try await row(hub, lifted.interaction).customer == ana.id)
        let timeline = try await hub.store.timeline(of: ana.id, before: nil, limit: 2, including: [])
        #expect(timeline.map(\.kind) == [.suppressionLifted, .suppressionAdded])
        try await hub.close()
    }

    @Test("gets nothing that was claimed and has not left, and again what comes after it was lifted")
    func takenBack() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,ana@example.com\ncrm/2,bo@example.com\n")
        let node = try await hub.store.register(host: "test", process: 1, at: hub.now)
        let policy = hub.policy.current
        func plan(_ mailbox: String) async throws -> DispatchID {
            let customer = try #require(try await hub.customer(at: mailbox))
            let address = try #require(customer.addresses.first { $0.scheme == .mailto })
            let plan = DispatchPlan(
                customer: customer.id, campaign: nil, messageClass: .transactional, topic: "care",
                routes: [Route(channel: .email, adapter: "mail", address: address)], dueAt: hub.now)
            return try await hub.store.plan([plan], at: hub.now)[0].id
        }
        func claim() async throws -> [DispatchID] {
            let now = hub.now
            return try await hub.store.claim(ClaimQuery(now: now, limit: 10, node: node)) { candidates in
                var decider = ClaimDecider(policy: policy, now: now, slots: ["mail": 10])
                return decider.decide(candidates)
            }.map(\.id)
        }
        let (first, other) = (try await plan("ana@example.com"), try await plan("bo@example.com"))
        let claimed = try await claim()
        #expect(Set(claimed) == [first, other])
        _ = try await hub.suppressions.add(SuppressionEntry(address: Self.ana, reason: .manual))
        #expect(try await hub.store.handOff([first, other], node: node, at: hub.now) == [other])
        hub.advance(seconds: 1)
        #expect(try await claim().isEmpty)
        let skipped = try #require(try await hub.store.dispatch(first))
        #expect(skipped.state == .skipped && skipped.rule == "suppressed")

        hub.advance(seconds: 1)
        _ = try await hub.suppressions.lift(.manual, from: Self.ana)
        let second = try await plan("ana@example.com")
        #expect(try await claim() == [second])
        try await hub.close()
    }

    @Test("is not freed of what the customer said, and is of a bounce, the hub's own finding and a colleague's word")
    func lifting() async throws {
        let hub = try await HubFixture()
        _ = try await hub.take(
            hub.message(from: "tel:13800138000", "STOP", channel: .sms, requests: [.stop(keyword: "STOP")]))
        for reason in [Suppression.Reason.complaint, .hardBounce, .manual] {
            _ = try await hub.suppressions.add(SuppressionEntry(address: Self.number, reason: reason))
        }
        let now = hub.now
        _ = try await hub.store.commit(
            [IntakeItem(key: nil)], query: IntakeQuery(recordedAt: now, campaignsSince: now)
        ) { _, facts in
            let position = facts.takePosition()
            let found = Suppression(id: EntryID(position: position), address: Self.number, reason: .invalid, at: now)
            let row = Interaction(
                id: InteractionID(position), customer: nil, channel: .sms, adapter: "sms", direction: .outbound,
                kind: .deliveryFailed, occurredAt: now, recordedAt: now, effects: [.suppressed(found)])
            return [IntakeDecision(interactions: [row])]
        }
        let suppressed = try await active(hub, Self.number)
        #expect(Set(suppressed) == Set(Suppression.Reason.allCases))

        let position = try await hub.store.lastPosition()
        for reason in [Suppression.Reason.stop, .complaint] {
            await #expect(throws: SuppressionError.customersWord(reason)) {
                try await hub.suppressions.lift(reason, from: Self.number)
            }
        }
        #expect(try await hub.store.lastPosition() == position)
        let remaining: [(Suppression.Reason, [Suppression.Reason])] = [
            (.manual, [.hardBounce, .invalid, .stop, .complaint]), (.hardBounce, [.invalid, .stop, .complaint]),
            (.invalid, [.stop, .complaint]),
        ]
        for (reason, left) in remaining {
            #expect(try await hub.suppressions.lift(reason, from: Self.number).remaining == left)
            await #expect(throws: SuppressionError.notSuppressed(reason)) {
                try await hub.suppressions.lift(reason, from: Self.number)
            }
        }
        #expect(try await active(hub, Self.number) == [.stop, .complaint])
        #expect(try await hub.store.lastPosition() == position + 3)
        try await hub.close()
    }

    @Test("is not suppressed by what nobody can say")
    func refused() async throws {
        let hub = try await HubFixture()
        let (past, future) = (hub.now.adding(seconds: -1), hub.now.adding(seconds: 1))
        for (entry, error) in [
            (SuppressionEntry(address: Self.ana, reason: .invalid), .hubsOwn),
            (SuppressionEntry(address: Self.ana, reason: .manual, at: future), .notYet),
            (SuppressionEntry(address: Self.ana, reason: .manual, until: hub.now), .over),
            (SuppressionEntry(address: Self.ana, reason: .manual, until: past), .over),
        ] as [(SuppressionEntry, SuppressionError)] {
            await #expect(throws: error) { try await hub.suppressions.add(entry) }
        }
        #expect(try await hub.store.lastPosition() == 0)
        try await hub.close()
    }

    @Test("is known by what stands for it since whoever had it was erased, which nobody lifts")
    func erased() async throws {
        let hub = try await HubFixture()
        let ana = try #require(try await hub.take(hub.message(from: "ana@example.com")).customer)
        _ = try await hub.store.erase(ana, at: hub.now, by: "lena")
        let position = try await hub.store.lastPosition()
        let known = try await hub.suppressions.add(SuppressionEntry(address: Self.ana, reason: .manual))
        #expect(known.interaction == nil && known.suppression.address == Self.ana)
        await #expect(throws: SuppressionError.keptForErased) {
            try await hub.suppressions.lift(.manual, from: Self.ana)
        }
        #expect(try await hub.store.lastPosition() == position)

        // What is said of the address beside that is its own.
        let bounce = SuppressionEntry(address: Self.ana, reason: .hardBounce)
        #expect(try await hub.suppressions.add(bounce).interaction != nil)
        #expect(try await hub.suppressions.lift(.hardBounce, from: Self.ana).remaining == [.manual])
        #expect(try await active(hub) == [.manual])
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("leaves nothing in its rows when the customer who came to have it is erased")
    func erasedLater() async throws {
        let hub = try await HubFixture()
        _ = try await hub.suppressions.add(SuppressionEntry(address: Self.ana, reason: .manual))
        _ = try await hub.suppressions.lift(.manual, from: Self.ana)
        let ana = try #require(try await hub.take(hub.message(from: "ana@example.com")).customer)
        _ = try await hub.suppressions.add(SuppressionEntry(address: Self.ana, reason: .hardBounce))
        _ = try await hub.store.erase(ana, at: hub.now, by: "lena")
        let rows = try await hub.store.interactions(after: nil, limit: 100)
            .filter { $0.kind == .suppressionAdded || $0.kind == .suppressionLifted }
        #expect(rows.count == 3)
        for row in rows { #expect(row.to == nil && row.attributes.isEmpty && row.effects.isEmpty, "\(row)") }
        #expect(try await hub.store.suppressions(SuppressionFilter(), before: nil, limit: 10).isEmpty)
        #expect(try await active(hub) == [.manual])
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("is suppressed once by two who say so at once")
    func atOnce() async throws {
        let hub = try await HubFixture()
        let entry = SuppressionEntry(address: Self.ana, reason: .manual)
        let store = SlowStore(hub.store)
        let desk = SuppressionDesk(store: store, clock: hub.clock, adapter: "api:shop", author: "api:shop")
        let adding = Task { try await desk.add(entry) }
        await store.isAskedToCommit()
        let first = try await hub.suppressions.add(entry)
        store.letCommit()
        #expect(try await adding.value == .init(suppression: first.suppression, interaction: nil))
        #expect(try await hub.store.lastPosition() == 1)
        try await hub.close()
    }
}
