import RapportChannels
import RapportCore
import RapportLog
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("What events change")
struct IntakeEffectTests {
    @Test("the same event again is acknowledged and changes nothing")
    func repetition() async throws {
        let hub = try await HubFixture()
        let first = try await hub.take(hub.message(from: "ana@example.com", id: "e1"))
        let again = try await hub.take(hub.message(from: "ana@example.com", id: "e1"))
        let elsewhere = try await hub.take(hub.message(from: "ana@example.com", id: "e1"), adapter: "other")
        #expect(again.isRepetition && again.interaction == first.interaction)
        #expect(!elsewhere.isRepetition)
        #expect(try await hub.store.lastPosition() == 2)
        try await hub.close()
    }

    @Test("without an id the same content is a repetition within the window, and a new event after it")
    func contentWindow() async throws {
        let hub = try await HubFixture()
        var event = hub.message(from: "ana@example.com")
        event.sourceID = nil
        event.payload = Interaction.Payload(type: "text/plain", bytes: Array("yes".utf8))
        _ = try await hub.take(event)
        #expect(try await hub.take(event).isRepetition)
        event.payload?.bytes.append(33)
        #expect(try await !hub.take(event).isRepetition)
        // What stands around the event in a request with many is not the event.
        event.payload?.bytes = Array("(yes!)".utf8)
        #expect(try await !hub.take(event).isRepetition)
        event.payload?.bytes = Array("[yes!]".utf8)
        event.ownRange = 1..<5
        #expect(try await hub.take(event).isRepetition)
        hub.advance(seconds: 601)
        #expect(try await !hub.take(event).isRepetition)
        try await hub.close()
    }

    @Test("a message opens one follow-up per conversation, due by the service level, for the customer's owner")
    func followUp() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,phone,owner\ncrm/1,13800138000,Lena\n")
        for text in ["Where is my order?", "Hello?"] {
            _ = try await hub.take(hub.message(from: "tel:13800138000", text, channel: .sms))
        }
        let open = try await hub.store.followUps(FollowUpFilter(state: .open), limit: 10)
        #expect(open.count == 1)
        #expect(open.first?.owner == "Lena")
        #expect(open.first?.summary == "Where is my order?")
        #expect(open.first?.dueAt == hub.now.adding(seconds: 86400))
        try await hub.close()
    }

    @Test("a pause leaves the rest of the profile as it was")
    func pause() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email,name,owner\ncrm/1,ana@example.com,Ana,Lena\n")
        var event = hub.message(from: "ana@example.com", id: "e1")
        event.kind = .event("paused")
        event.requests = [.pause(until: hub.now.adding(seconds: 3600))]
        let id = try #require(try await hub.take(event).customer)
        let profile = try #require(try await hub.store.customers([id])[id]).profile
        #expect(profile.pausedUntil == hub.now.adding(seconds: 3600))
        #expect(profile.name == "Ana" && profile.owner == "Lena")
        try await hub.close()
    }

    @Test("a conversation has one follow-up, however many others its customer waits for")
    func manyFollowUps() async throws {
        let hub = try await HubFixture()
        func call(_ number: Int, _ id: String) -> InboundEvent {
            var event = hub.message(from: "ana@example.com", id: id)
            event.conversation = "call:\(number)"
            return event
        }
        for number in 0..<60 { _ = try await hub.take(call(number, "first \(number)")) }
        // The oldest and the latest, alone and in one batch.
        for number in [0, 59] { _ = try await hub.take(call(number, "second \(number)")) }
        _ = try await hub.intake.submit([call(0, "third"), call(60, "a"), call(60, "b")], adapter: "shop", region: nil)
        let open = try await hub.store.followUps(FollowUpFilter(state: .open), limit: 100)
        #expect(Set(open.map(\.conversation)).count == 61 && open.count == 61)
        try await hub.close()
    }

    @Test("STOP suppresses the number, START lifts only what STOP did, and neither waits for an answer")
    func keywords() async throws {
        let hub = try await HubFixture()
        let number = Address(normalized: "tel:+8613800138000")!
        _ = try await hub.take(
            hub.message(from: "tel:13800138000", "STOP", channel: .sms, requests: [.stop(keyword: "STOP")]))
        #expect(try await hub.store.suppressions(of: [number]).map(\.reason) == [.stop])
        _ = try await hub.take(
            hub.message(from: "tel:13800138000", "START", channel: .sms, requests: [.start(keyword: "START")]))
        let now = hub.now
        #expect(try await hub.store.suppressions(of: [number]).allSatisfy { ($0.until ?? .distant) <= now })
        #expect(try await hub.store.followUps(FollowUpFilter(state: .open), limit: 10).isEmpty)
        try await hub.close()
    }

    @Test("a probable opt-out rests marketing to that number and asks a person to look")
    func probableStop() async throws {
        let hub = try await HubFixture()
        let outcome = try await hub.take(
            hub.message(from: "tel:13800138000", "please leave me alone", channel: .sms, requests: [.probableStop]))
        let customer = try #require(outcome.customer)
        #expect(try await hub.store.consents(of: customer).map(\.state) == [.denied])
        #expect(try await hub.store.followUps(FollowUpFilter(), limit: 10).map(\.kind) == ["opt-out"])
        try await hub.close()
    }

    @Test("a wish to leave whose sender can't be read waits for a person to look")
    func strandedWish() async throws {
        let hub = try await HubFixture()
        let optOut = CustomerRequest.optOut(topic: nil, channel: .email, method: "mail")
        var written = hub.message(from: "ana@my_host.example", "unsubscribe", requests: [optOut])
        let text = hub.message(from: "tel:12", "STOP", channel: .sms, requests: [.stop(keyword: "stop")])
        _ = try await hub.take(written)
        _ = try await hub.take(text)
        // A mail program's own.
        written.kind = .messageAutoReply
        written.sourceID = "automatic"
        _ = try await hub.take(written)
        let open = try await hub.store.followUps(FollowUpFilter(state: .open), limit: 9)
        #expect(open.map(\.kind) == ["opt-out", "opt-out", "opt-out"])
        #expect(Set(open.map(\.summary)) == ["unsubscribe", "STOP"])
        // Whose sender can be read is nobody's to look after.
        _ = try await hub.take(hub.message(from: "ana@example.com", "unsubscribe", requests: [optOut]))
        #expect(try await hub.store.followUps(FollowUpFilter(state: .open), limit: 9).count == 3)
        try await hub.close()
    }

    /// A message that was planned for the customer's mailbox, or for another of theirs.
    private func mail(to customer: Customer, at address: Address? = nil, _ hub: HubFixture) async throws -> DispatchID {
        let route = Route(channel: .email, adapter: "mail", address: address ?? customer.addresses[1])
        let plan = DispatchPlan(
            customer: customer.id, campaign: nil, messageClass: .marketing, topic: "news", routes: [route],
            dueAt: hub.now)
        return try await hub.store.plan([plan], at: hub.now)[0].id
    }

    @Test("a wish to leave that holds our token is the recipient's, whatever mailbox it was written from")
    func unsubscribeFromElsewhere() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,ana@example.com\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        let mailed = try await mail(to: ana, hub)
        var event = hub.message(
            from: "other@example.net", "unsubscribe",
            requests: [.optOut(topic: nil, channel: .email, method: "mail")])
        event.dispatch = .dispatch(mailed)
        #expect(try await hub.take(event).customer == ana.id)
        let denied = try await hub.store.consents(of: ana.id).filter { $0.state == .denied }
        #expect(denied.contains { $0.address == ana.addresses[1] } && denied.contains { $0.address == nil })
        try await hub.close()
    }

    @Test("after an unmerge a wish to leave by mail is of whoever has the address that the message went to")
    func unsubscribeAfterUnmerge() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,ana@example.com\ncrm/2,bob@example.com\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        let bob = try #require(try await hub.customer(at: "bob@example.com"))
        _ = try await hub.desk.merge(ana.id, into: bob.id)
        let mailed = try await mail(to: bob, at: ana.addresses[1], hub)
        _ = try await hub.desk.unmerge(ana.id, from: bob.id)
        // From her own mailbox, and from one that nobody has.
        for (isTheirs, sender) in [(true, "ana@example.com"), (false, "other@example.net")] {
            var event = hub.message(
                from: sender, "unsubscribe", requests: [.optOut(topic: nil, channel: .email, method: "mail")])
            event.dispatch = .dispatch(mailed)
            event.isDispatchTheirs = isTheirs
            #expect(try await hub.take(event).customer == ana.id)
        }
        let denied = try await hub.store.consents(of: ana.id).filter { $0.state == .denied }
        #expect(denied.contains { $0.address == ana.addresses[1] } && denied.contains { $0.address == nil })
        #expect(try await hub.store.consents(of: bob.id).isEmpty)
        try await hub.close()
    }

    @Test("a wish to leave by mail where several have the message's address now holds there, and nowhere else")
    func unsubscribeWhereShared() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,ana@example.com\ncrm/2,bob@example.com\ncrm/3,cleo@example.com\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        let bob = try #require(try await hub.customer(at: "bob@example.com"))
        let cleo = try #require(try await hub.customer(at: "cleo@example.com"))
        let address = ana.addresses[1]
        _ = try await hub.desk.merge(ana.id, into: bob.id)
        let mailed = try await mail(to: bob, at: address, hub)
        _ = try await hub.desk.unmerge(ana.id, from: bob.id)
        _ = try await hub.desk.enter(CustomerDesk.Entry(addresses: [address], mayShare: true) { $0 }, about: cleo.id)
        var event = hub.message(
            from: "ana@example.com", "unsubscribe", requests: [.optOut(topic: nil, channel: .email, method: "mail")])
        event.dispatch = .dispatch(mailed)
        _ = try await hub.take(event)
        var entries: [ConsentEntry] = []
        for customer in [ana, bob, cleo] { entries += try await hub.store.consents(of: customer.id) }
        #expect(entries.map(\.address) == [address] && entries.map(\.state) == [.denied])

        // One who has another address, too, and writes from there, is who it is of.
        var own = hub.message(
            from: "cleo@example.com", "unsubscribe", requests: [.optOut(topic: nil, channel: .email, method: "mail")])
        own.dispatch = .dispatch(mailed)
        #expect(try await hub.take(own).customer == cleo.id)
        let denied = try await hub.store.consents(of: cleo.id).filter { $0.proof["interaction"] != nil }
        #expect(denied.contains { $0.address == nil } && denied.contains { $0.address == cleo.addresses[1] })

        // Whoever else writes is off at what they wrote from and at what the message went to.
        var other = hub.message(
            from: "dan@example.com", "unsubscribe", requests: [.optOut(topic: nil, channel: .email, method: "mail")])
        other.dispatch = .dispatch(mailed)
        let reader = try #require(try await hub.take(other).customer)
        let reached = try await hub.store.consents(of: reader).suffix(2).map(\.address?.uri)
        #expect(Set(reached) == [address.uri, "mailto:dan@example.com"])
        try await hub.close()
    }

    @Test("a wish to leave that a report tells counts for the recipient of the message that it proves, at that address")
    func reportedWish() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,ana@example.com\ncrm/2,bob@example.com\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        let bob = try #require(try await hub.customer(at: "bob@example.com"))
        let mailed = try await mail(to: ana, hub)
        func report(_ recipient: String, _ dispatch: DispatchReference?) async throws -> CommittedEvent {
            var event = hub.message(
                from: recipient, requests: [.optOut(topic: nil, channel: .email, method: "feedback-report")])
            event.kind = .messageAutoReply
            event.isReported = true
            event.dispatch = dispatch
            return try await hub.take(event)
        }
        #expect(try await report("bob@example.com", nil).customer == bob.id)
        #expect(try await report("new@example.com", nil).customer == nil)
        #expect(try await report("new@example.com", .dispatch(DispatchID(4711))).customer == nil)
        // A copy that somebody was sent on.
        #expect(try await report("bob@example.com", .dispatch(mailed)).customer == ana.id)
        for customer in [ana, bob] { #expect(try await hub.store.consents(of: customer.id).isEmpty) }
        #expect(try await hub.customer(at: "new@example.com") == nil)
        #expect(try await report("ana@example.com", .dispatch(mailed)).customer == ana.id)
        #expect(try await hub.store.consents(of: ana.id).map(\.address) == [ana.addresses[1]])
        // As it is written so that nobody can read it, or where the mail was forwarded to.
        #expect(try await report("8f3a2c@example.com", .dispatch(mailed)).customer == ana.id)
        #expect(try await hub.store.consents(of: ana.id).map(\.address) == [ana.addresses[1], ana.addresses[1]])
        #expect(try await hub.customer(at: "8f3a2c@example.com") == nil)
        try await hub.close()
    }

    @Test("a wish to leave of somebody whom we know is theirs, whatever message of ours it answers")
    func unsubscribeOfAnother() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,ana@example.com\ncrm/2,bob@example.com\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        let bob = try #require(try await hub.customer(at: "bob@example.com"))
        let mailed = try await mail(to: ana, hub)
        var event = hub.message(
            from: "bob@example.com", "unsubscribe", requests: [.optOut(topic: nil, channel: .email, method: "mail")])
        event.dispatch = .dispatch(mailed)
        event.isDispatchTheirs = false
        #expect(try await hub.take(event).customer == bob.id)
        #expect(try await hub.store.consents(of: ana.id).isEmpty)
        let denied = try await hub.store.consents(of: bob.id)
        #expect(denied.map(\.address) == [nil, bob.addresses[1]])
        try await hub.close()
    }

    @Test("a wish to leave, or to be called back, of a number that we called makes its customer")
    func calledByUs() async throws {
        let hub = try await HubFixture()
        let event = InboundEvent(
            kind: .callDigits, channel: .ivr, direction: .outbound,
            customerAddresses: [RawAddress(.tel, "+49301234567")],
            requests: [
                .optOut(topic: nil, channel: nil, method: "key-press"), .followUp(kind: "callback", summary: "call"),
            ])
        let customer = try #require(try await hub.take(event).customer)
        #expect(try await hub.store.consents(of: customer).map(\.state) == [.denied, .denied])
        #expect(try await hub.store.followUps(FollowUpFilter(), limit: 9).map(\.kind) == ["callback"])
        try await hub.close()
    }

    @Test("a wish to leave through a link holds at the address it was sent to, whoever has that now")
    func unsubscribeOfHolder() async throws {
        let hub = try await HubFixture()
        let ana = try #require(try await hub.take(hub.message(from: "ana@example.com")).customer)
        let holder = try #require(Address(normalized: "mailto:old@example.com"))
        let wish = { (channel: Channel) in
            InboundEvent(
                kind: .preferencesChanged, channel: .web, customer: ana,
                requests: [.optOut(topic: nil, channel: channel, method: "list-unsubscribe", holder: holder)])
        }
        _ = try await hub.take(wish(.sms))
        #expect(try await hub.store.consents(of: ana).map(\.address) == [nil])
        _ = try await hub.take(wish(.email))
        let entries = try await hub.store.consents(of: ana).filter { $0.channel == .email }
        #expect(entries.map(\.address?.uri) == [nil, "mailto:ana@example.com", holder.uri])
        #expect(try await hub.store.customers(at: [holder]).isEmpty)
        try await hub.close()
    }

    @Test("a receipt about an id that nobody knows is parked, and one without a known dispatch suppresses nobody")
    func unknownReceipt() async throws {
        let hub = try await HubFixture()
        _ = try await hub.take(hub.message(from: "ana@example.com"))
        let receipt = InboundEvent(
            kind: .deliveryBounced, channel: .email, sourceID: "r1",
            customerAddresses: [RawAddress(.mailto, "ana@example.com")],
            dispatch: .provider(adapter: "shop", messageID: "m1"),
            delivery: DeliveryReport(outcome: .bounced, addressIsBad: true))
        _ = try await hub.take(receipt)
        #expect(try await hub.store.status(at: hub.now).parkedReceipts == 1)
        #expect(try await hub.store.suppressions(of: [Address(normalized: "mailto:ana@example.com")!]).isEmpty)
        try await hub.close()
    }

    @Test("a report without proof changes no message and no address, and a complaint takes off marketing at most")
    func unprovenReport() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,ana@example.com\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        let mailed = try await mail(to: ana, hub)
        let state = try await hub.store.dispatch(mailed)?.state
        var report = InboundEvent(
            kind: .deliveryBounced, channel: .email, sourceID: "r1",
            customerAddresses: [RawAddress(.mailto, "ana@example.com")], dispatch: .dispatch(mailed),
            delivery: DeliveryReport(outcome: .bounced, addressIsBad: true, code: "5.1.1", isProven: false))
        let row = try await hub.take(report)
        #expect(row.customer == ana.id)
        #expect(try await hub.store.interaction(row.interaction, payload: false)?.attributes["outcome"] == "bounced")
        report.kind = .complaintReceived
        report.sourceID = "r2"
        report.delivery = DeliveryReport(outcome: .complained, isProven: false)
        report.isReported = true
        report.requests = [.optOut(topic: nil, channel: .email, method: "feedback-report")]
        _ = try await hub.take(report)
        #expect(try await hub.store.dispatch(mailed)?.state == state)
        #expect(try await hub.store.suppressions(of: ana.addresses).isEmpty)
        #expect(try await hub.store.consents(of: ana.id).map(\.address) == [ana.addresses[1]])
        try await hub.close()
    }

    @Test("a bounce counts for the address that we wrote to, whomever it names, as of a forwarded message")
    func forwardedBounce() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,ana@example.com\ncrm/2,bob@example.com\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        let bob = try #require(try await hub.customer(at: "bob@example.com"))
        let mailed = try await mail(to: ana, hub)
        _ = try await hub.store.claim(ClaimQuery(now: hub.now, limit: 9, node: 1)) { candidates in
            candidates.map { _ in .claim(routeIndex: 0, policyVersion: "p") }
        }
        #expect(try await hub.store.handOff([mailed], node: 1, at: hub.now) == [mailed])
        let bounce = InboundEvent(
            kind: .deliveryBounced, channel: .email, sourceID: "r1",
            customerAddresses: [RawAddress(.mailto, "bob@example.com")],
            attributes: ["original-recipient": "ana@example.com"], dispatch: .dispatch(mailed),
            delivery: DeliveryReport(outcome: .bounced, addressIsBad: true, code: "5.1.1"))
        #expect(try await hub.take(bounce).customer == ana.id)
        #expect(try await hub.store.dispatch(mailed)?.state == .bounced)
        let found = try await hub.store.suppressions(of: ana.addresses + bob.addresses)
        #expect(found.map(\.address) == [ana.addresses[1]] && found.map(\.reason) == [.hardBounce])
        try await hub.close()
    }

    @Test(
        "what comes of an earlier try over another channel says nothing of the message or the address that it has now")
    func earlierTry() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email,phone\ncrm/1,ana@example.com,+8613800138000\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        let addresses = try ["mailto:ana@example.com", "tel:+8613800138000"].map {
            try #require(Address(normalized: $0))
        }
        let plan = DispatchPlan(
            customer: ana.id, campaign: nil, messageClass: .transactional, topic: "care",
            routes: [
                Route(channel: .email, adapter: "mail", address: addresses[0]),
                Route(channel: .sms, adapter: "sms", address: addresses[1]),
            ], dueAt: hub.now)
        let id = try await hub.store.plan([plan], at: hub.now)[0].id
        for (index, outcome) in [
            DispatchResult.Outcome.fallBack(toRoute: 1), .sent(state: .accepted, providerMessageID: nil),
        ].enumerated() {
            _ = try await hub.store.claim(ClaimQuery(now: hub.now, limit: 9, node: 1)) { candidates in
                candidates.map { _ in .claim(routeIndex: index, policyVersion: "p") }
            }
            #expect(try await hub.store.handOff([id], node: 1, at: hub.now) == [id])
            try await hub.store.record([DispatchResult(id: id, outcome: outcome)], node: 1, at: hub.now) { _ in [] }
        }
        func report(_ outcome: DeliveryReport.Outcome, naming address: String? = nil) async throws {
            _ = try await hub.take(
                InboundEvent(
                    kind: .deliveryBounced, channel: .email, sourceID: "\(outcome) \(address ?? "")",
                    customerAddresses: address.map { [RawAddress(.mailto, $0)] } ?? [], dispatch: .dispatch(id),
                    delivery: DeliveryReport(outcome: outcome, addressIsBad: outcome == .bounced, code: "5.1.1")))
        }
        try await report(.bounced)
        try await report(.bounced, naming: "bob@example.com")
        #expect(try await hub.store.dispatch(id)?.state == .accepted)
        #expect(try await hub.store.suppressions(of: addresses).isEmpty)
        try await report(.complained, naming: "ana@example.com")
        let found = try await hub.store.suppressions(of: addresses)
        #expect(found.map(\.address) == [addresses[0]] && found.map(\.reason) == [.complaint])
        try await report(.delivered)
        #expect(try await hub.store.dispatch(id)?.state == .delivered)
        try await hub.close()
    }

    @Test("an intake that drains refuses, and what comes alone is taken, whatever its size")
    func draining() async throws {
        let hub = try await HubFixture()
        let intake = Intake(
            store: hub.store, normalizer: NoAddresses(), settings: IntakeSettings(capacity: 1), clock: hub.clock)
        let events = [hub.message(from: "a@example.com"), hub.message(from: "b@example.com")]
        #expect(try await intake.submit(events, adapter: "shop", region: nil).count == 2)
        intake.drain()
        await #expect(throws: EventSinkError.shuttingDown) {
            try await intake.submit(events, adapter: "shop", region: nil)
        }
        try await hub.close()
    }

    @Test("an intake that is full answers busy and takes nothing, until there is room again")
    func bounded() async throws {
        let hub = try await HubFixture()
        let store = SlowStore(hub.store)
        let intake = Intake(
            store: store, normalizer: NoAddresses(), settings: IntakeSettings(capacity: 2), clock: hub.clock)
        let first = hub.message(from: "a@example.com")
        let waiting = Task { try await intake.submit([first], adapter: "shop", region: nil) }
        await store.isAskedToCommit()
        let two = [hub.message(from: "b@example.com"), hub.message(from: "c@example.com")]
        await #expect(throws: EventSinkError.busy) { try await intake.submit(two, adapter: "shop", region: nil) }
        #expect(intake.backlog == 1, "what was refused does not wait")
        store.letCommit()
        #expect(try await waiting.value.count == 1)
        #expect(try await intake.submit(two, adapter: "shop", region: nil).count == 2)
        #expect(try await hub.store.lastPosition() == 3)
        try await hub.close()
    }

    @Test("of several who come at the same time, those are refused for whom there is no room")
    func crowd() async throws {
        let hub = try await HubFixture()
        let intake = Intake(
            store: hub.store, normalizer: NoAddresses(), settings: IntakeSettings(capacity: 2), clock: hub.clock)
        let deliveries = [["a"], ["b", "c"], [], ["d"]].map { names in
            InboundDelivery(
                events: names.map { hub.message(from: "\($0)@example.com") }, adapter: "shop", region: nil)
        }
        let results = await intake.submit(deliveries).map { $0.map { $0.map(\.interaction.number) } }
        #expect(results == [.success([1]), .failure(.busy), .success([]), .success([2])])
        #expect(intake.backlog == 0)
        try await hub.close()
    }
}

private struct NoAddresses: AddressNormalizing {
    func normalize(_ raw: RawAddress, region: String) throws(AddressError) -> Address {
        throw AddressError(.malformed, "none here")
    }
}

extension Timestamp {
    fileprivate static let distant = Timestamp(milliseconds: .max)
}
