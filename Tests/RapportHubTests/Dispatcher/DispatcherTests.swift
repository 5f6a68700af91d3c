import RapportChannels
import RapportCore
import RapportLog
import RapportPolicy
import RapportSQLite
import Synchronization
import Testing

@testable import RapportHub

@Suite("From planned to accepted")
struct DispatcherTests {
    private func definition(channels: [Channel] = [.email], repeats: Bool = false) -> CampaignDefinition {
        CampaignDefinition(
            name: "spring", title: "Spring", messageClass: repeats ? .transactional : .marketing, topic: "offers",
            channels: channels, adapters: [:], audience: .everyone, offer: nil, occurrence: nil, startAt: nil,
            expiry: nil, language: "en", throttle: ThrottleSettings(), repeats: repeats, variables: [:],
            templates: [
                .init(channel: .email, language: nil, part: .text, text: "Subject: Hi {{name}}\n\nDear {{name}}\n"),
                .init(channel: .sms, language: nil, part: .text, text: "Hi {{name}}"),
            ], attachments: [], content: "c1")
    }

    /// Runs a dispatcher until the campaign has come to its end.
    private func run(
        _ hub: HubFixture, _ adapters: [any OutboundAdapter], until isDone: (CampaignProgress) -> Bool = { $0.isOver }
    ) async throws -> CampaignProgress {
        let dispatcher = try await hub.dispatcher(adapters)
        let running = Task { try await dispatcher.run() }
        defer { running.cancel() }
        let key = CampaignKey(name: "spring")
        try await hub.waits("the campaign") { isDone(try await hub.store.progress(key, at: hub.now)) }
        running.cancel()
        try await running.value
        return try await hub.store.progress(key, at: hub.now)
    }

    private func consented(_ count: Int) -> String {
        "id,name,email,phone,consents\n"
            + (1...count).map { "crm/\($0),N\($0),n\($0)@example.com,+86138001380\($0 + 10),offers:*:granted" }
            .joined(separator: "\n")
    }

    @Test("everybody gets one message, and the counts balance")
    func campaign() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(30) + "\ncrm/99,No,no@example.com,,offers:*:denied")
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let adapter = RecordingAdapter(name: "mail", channel: .email)
        let progress = try await run(hub, [adapter])
        #expect(adapter.messages.count == 30)
        #expect(Set(adapter.messages.map(\.to)).count == 30)
        #expect(progress.planned == 31 && progress.states.values.reduce(0, +) == 31)
        #expect(progress.states[.accepted] == 30)
        #expect(progress.skipped == ["consent": 1])
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        await #expect(throws: CampaignError.self, "a campaign runs once") {
            try await hub.campaigns.send(self.definition(), folder: nil) { _ in }
        }
        try await hub.close()
    }

    @Test("the status names an adapter that messages wait for and the configuration does not have")
    func goneAdapter() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(1))
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let attention = { (adapters: Set<String>) in
            try await StatusReport.read(from: hub.store, at: hub.now, adapters: adapters).attention
        }
        #expect(try await attention(["sms"]).contains("no adapter is called ‘mail’: 1 message waits for it"))
        #expect(try await !attention(["mail"]).contains { $0.contains("no adapter") })
        try await hub.close()
    }

    @Test("what waits for an adapter that the configuration does not have is judged a few at a time")
    func aFewForGoneAdapter() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(30))
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let dispatcher = try await hub.dispatcher([RecordingAdapter(name: "sms", channel: .sms)])
        let key = CampaignKey(name: "spring")
        for putOff in [16, 30] {
            #expect(try await dispatcher.claim(["sms": 8]).isEmpty)
            let rows = try await hub.store.rows(of: key, states: [.planned], after: nil, limit: 99)
            #expect(rows.count == 30 && rows.filter { $0.dueAt > hub.now }.count == putOff)
        }
        try await hub.close()
    }

    @Test("a campaign knows when its messages expire")
    func expiry() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(1))
        var definition = definition()
        definition.expiry = .after(seconds: 3600)
        let sent = try await hub.campaigns.send(definition, folder: nil) { _ in }
        #expect(sent.campaign.expiresAt == hub.now.adding(seconds: 3600))
        try await hub.close()
    }

    @Test("a campaign whose stored definition can't be read is paused with the reason, and the others go on")
    func unreadable() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(1))
        let damaged = CampaignKey(name: "damaged")
        _ = try await hub.store.create(
            CampaignRecord(
                key: damaged, state: .planning, messageClass: .marketing, topic: "offers",
                definition: #"{"name": "damaged", "of": "a newer version"}"#, createdAt: hub.now))
        _ = try await hub.store.move(damaged, from: [.planning], to: .sending, note: nil, at: hub.now)
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let progress = try await run(hub, [RecordingAdapter(name: "mail", channel: .email)])
        #expect(progress.states == [.accepted: 1])
        let record = try #require(try await hub.store.campaign(damaged))
        #expect(record.state == .paused)
        #expect(record.note?.contains("stored definition") == true)
        let report = try await StatusReport.read(from: hub.store, at: hub.now)
        #expect(report.attention.contains { $0.hasPrefix("damaged: paused (the stored definition") })
        #expect(report.health != .healthy)
        try await hub.close()
    }

    @Test("an adapter that can't work until somebody mends it is named by the status, with what waits for it")
    func misconfigured() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(2))
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let mail = RecordingAdapter(name: "mail", channel: .email) { _ in .failure(SendError(.authentication)) }
        let progress = try await run(hub, [mail]) { $0.states[.deferred] == 2 }
        #expect(progress.states == [.deferred: 2])
        let report = try await StatusReport.read(from: hub.store, at: hub.now)
        #expect(report.attention.contains("mail refused our credentials: 2 messages wait"))
        try await hub.close()
    }

    @Test("who answers is not written to again")
    func responded() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(2))
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        _ = try await run(hub, [RecordingAdapter(name: "mail", channel: .email)])
        _ = try await hub.take(hub.message(from: "n1@example.com", "yes please"))
        var again = definition()
        again.occurrence = "second"
        again.content = "c2"
        let preview = try await hub.campaigns.preview(again, folder: nil, smsSegments: { _ in 1 }) { _ in }
        #expect(preview.skipped == ["responded": 1])
        #expect(preview.send == 1)
        try await hub.close()
    }

    @Test("what was written before a campaign's message left does not answer it, however late it comes in")
    func writtenBefore() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(2))
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        _ = try await run(hub, [RecordingAdapter(name: "mail", channel: .email)])
        // A source's clock that is a little slow makes no difference.
        for (seconds, campaign) in [(-3600, nil), (-30, "spring"), (60, "spring")] as [(Int64, String?)] {
            var message = hub.message(from: "n1@example.com", "about my order")
            message.occurredAt = hub.now.adding(seconds: seconds)
            let id = try await hub.take(message).interaction
            #expect(try await hub.store.interaction(id, payload: false)?.references.campaign == campaign)
        }
        try await hub.close()
    }

    @Test("a refused address is suppressed and the next channel is used")
    func fallback() async throws {
        let hub = try await HubFixture()
        hub.advance(seconds: 3600)
        _ = try await hub.imports(consented(1))
        _ = try await hub.campaigns.send(definition(channels: [.email, .sms]), folder: nil) { _ in }
        let mail = RecordingAdapter(name: "mail", channel: .email) { _ in .failure(SendError(.badAddress)) }
        let sms = RecordingAdapter(name: "sms", channel: .sms)
        let progress = try await run(hub, [mail, sms])
        #expect(mail.messages.count == 1 && sms.messages.count == 1)
        #expect(progress.states[.accepted] == 1)
        let address = Address(normalized: "mailto:n1@example.com")!
        #expect(try await hub.store.suppressions(of: [address]).map(\.reason) == [.invalid])
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("a message is written down as leaving before the adapter gets it")
    func handedOffFirst() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(3))
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let states = Mutex<[DispatchState?]>([])
        let adapter = RecordingAdapter(name: "mail", channel: .email) { message in
            let state = try? await hub.store.dispatch(message.dispatch)?.state
            states.withLock { $0.append(state) }
            return .success(Receipt())
        }
        _ = try await run(hub, [adapter])
        #expect(states.withLock { $0 } == [.handedOff, .handedOff, .handedOff])
        try await hub.close()
    }

    @Test("what may have left takes no other channel")
    func unknownStays() async throws {
        let hub = try await HubFixture()
        hub.advance(seconds: 3600)
        _ = try await hub.imports(consented(1))
        _ = try await hub.campaigns.send(definition(channels: [.email, .sms]), folder: nil) { _ in }
        let mail = RecordingAdapter(name: "mail", channel: .email) { _ in .failure(SendError(.uncertain)) }
        let sms = RecordingAdapter(name: "sms", channel: .sms)
        #expect(try await run(hub, [mail, sms]).states == [.unknown: 1])
        hub.advance(seconds: 3600)
        #expect(try await run(hub, [mail, sms]).states == [.unknown: 1])
        #expect(mail.messages.count == 1 && sms.messages.isEmpty)
        try await hub.close()
    }

    @Test("what was refused for now is tried later, what may have left is unknown and never repeated")
    func retryAndUnknown() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(2))
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let adapter = RecordingAdapter(name: "mail", channel: .email) { message in
            .failure(SendError(message.to.uri.contains("n1@") ? .temporary : .uncertain))
        }
        let progress = try await run(hub, [adapter]) { $0.states[.deferred] == 1 && $0.states[.unknown] == 1 }
        #expect(progress.deferred == ["temporary": 1])
        #expect(progress.states[.unknown] == 1)
        hub.advance(seconds: 120)
        let good = RecordingAdapter(name: "mail", channel: .email)
        let after = try await run(hub, [good])
        #expect(good.messages.map(\.to.uri) == ["mailto:n1@example.com"])
        #expect(after.states == [.accepted: 1, .unknown: 1])
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("what may be repeated is tried again when it may have left, and goes on until somebody says that it has it")
    func repeatsUncertain() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(1))
        _ = try await hub.campaigns.send(definition(repeats: true), folder: nil) { _ in }
        let bad = RecordingAdapter(name: "mail", channel: .email) { _ in .failure(SendError(.uncertain)) }
        let progress = try await run(hub, [bad]) { $0.states[.deferred] == 1 }
        #expect(progress.deferred == ["uncertain": 1])
        hub.advance(seconds: 120)
        let good = RecordingAdapter(name: "mail", channel: .email)
        #expect(try await run(hub, [good]).states == [.accepted: 1])
        #expect(bad.messages.count == 1 && good.messages.count == 1)
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("what may have arrived has not failed when it is refused the next time, and counts until it is sent again")
    func uncertainThenRefused() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(1))
        _ = try await hub.campaigns.send(definition(repeats: true), folder: nil) { _ in }
        let lost = RecordingAdapter(name: "mail", channel: .email) { _ in .failure(SendError(.uncertain)) }
        _ = try await run(hub, [lost]) { $0.states[.deferred] == 1 }
        let address = Address(normalized: "mailto:n1@example.com")!
        let customer = try #require(try await hub.store.customers(at: [address])[address]?.first)
        let facts = try await hub.store.facts(
            [FactsQuery(customer: customer, addresses: [address])], lookback: .everything)
        #expect(facts[0].dispatches.map(\.state) == [.unknown])
        hub.advance(seconds: 120)
        let bad = RecordingAdapter(name: "mail", channel: .email) { _ in .failure(SendError(.rejected)) }
        #expect(try await run(hub, [bad]).states == [.unknown: 1])
        #expect(bad.messages.count == 1)
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("what may have arrived has not failed when the address of another channel is not there")
    func uncertainThenNoSuchNumber() async throws {
        let hub = try await HubFixture()
        hub.advance(seconds: 3600)
        _ = try await hub.imports(consented(1))
        _ = try await hub.campaigns.send(definition(channels: [.email, .sms], repeats: true), folder: nil) { _ in }
        let lost = RecordingAdapter(name: "mail", channel: .email) { _ in .failure(SendError(.uncertain)) }
        let sms = RecordingAdapter(name: "sms", channel: .sms) { _ in .failure(SendError(.badAddress)) }
        _ = try await run(hub, [lost, sms]) { $0.states[.deferred] == 1 }
        hub.advance(seconds: 120)
        let mail = RecordingAdapter(name: "mail", channel: .email) { _ in .failure(SendError(.rejected)) }
        #expect(try await run(hub, [mail, sms]).states == [.unknown: 1])
        #expect(mail.messages.count == 1 && sms.messages.count == 1)
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("a missing variable fails that recipient by name, and nothing is sent to it")
    func missingVariable() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(
            "id,name,email,consents\ncrm/1,,a@example.com,offers:*:granted\ncrm/2,Bo,b@example.com,offers:*:granted")
        let preview = try await hub.campaigns.preview(definition(), folder: nil, smsSegments: { _ in 1 }) { _ in }
        #expect(preview.unrenderable == ["the variable ‘name’ has no value": 1])
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let adapter = RecordingAdapter(name: "mail", channel: .email)
        let progress = try await run(hub, [adapter])
        #expect(adapter.messages.count == 1)
        #expect(progress.failed == ["render": 1])
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("a shared address gets one message")
    func sharedAddress() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(
            "id,name,email,consents\ncrm/1,A,home@example.com,offers:*:granted\ncrm/2,B,home@example.com,offers:*:granted"
        )
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let adapter = RecordingAdapter(name: "mail", channel: .email)
        let progress = try await run(hub, [adapter])
        #expect(adapter.messages.count == 1)
        #expect(progress.skipped == ["duplicate": 1])
        try await hub.close()
    }

    @Test("a campaign of which everything was skipped comes to its end too")
    func nothingToSend() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,email,consents\ncrm/1,No,no@example.com,offers:*:denied")
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let dispatcher = try await hub.dispatcher([RecordingAdapter(name: "mail", channel: .email)])
        let running = Task { try await dispatcher.run() }
        try await hub.waits("the campaign to be completed") {
            try await hub.store.campaign(CampaignKey(name: "spring"))?.state == .completed
        }
        running.cancel()
        try await running.value
        try await hub.close()
    }

    @Test("a campaign comes to its end while messages of others are in the air")
    func completedBeside() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(1))
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let slow = RecordingAdapter(name: "sms", channel: .sms) { _ in
            for await _ in gate {}
            return .success(Receipt())
        }
        let dispatcher = try await hub.dispatcher([RecordingAdapter(name: "mail", channel: .email), slow])
        var other = definition(channels: [.sms], repeats: true)
        other.name = "autumn"
        _ = try await hub.campaigns.send(other, folder: nil) { _ in }
        let running = Task { try await dispatcher.run() }
        defer { running.cancel() }
        try await hub.waits("the other to be in the air") { !slow.messages.isEmpty }
        _ = try await hub.campaigns.send(definition(repeats: true), folder: nil) { _ in }
        hub.advance(seconds: 2)
        dispatcher.wake()
        try await hub.waits("the campaign to be completed") {
            try await hub.store.campaign(CampaignKey(name: "spring"))?.state == .completed
        }
        #expect(try await hub.store.campaign(CampaignKey(name: "autumn"))?.state == .sending)
        opening.finish()
        running.cancel()
        try await running.value
        try await hub.close()
    }

    @Test("a campaign with a template that can't be read is refused before anything is planned")
    func malformedTemplate() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(1))
        var broken = definition()
        broken.templates[0].text = "Subject: Hi\n\n{{#open}}"
        let refused = broken
        await #expect(throws: (any Error).self) { try await hub.campaigns.send(refused, folder: nil) { _ in } }
        #expect(try await hub.store.campaigns().isEmpty)
        try await hub.close()
    }

    @Test("a throttle holds from a campaign's first message on")
    func throttle() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(80))
        var slow = definition()
        slow.throttle.perMinute = 120
        _ = try await hub.campaigns.send(slow, folder: nil) { _ in }
        let adapter = RecordingAdapter(name: "mail", channel: .email)
        let progress = try await run(hub, [adapter]) { $0.states[.accepted] == 2 && $0.states[.planned] == 78 }
        #expect(adapter.messages.count == 2, "the clock stands still, so one second's worth may leave")
        #expect(progress.states[.planned] == 78)
        let nextDue = try #require(progress.nextDue)
        #expect(nextDue <= hub.now, "most of what waits for the throttle is not written to")
        try await hub.close()
    }

    @Test("nothing is handed off after an opt-out was committed, though it was claimed before")
    func optOutAfterClaim() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(1))
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let node = try await hub.store.register(host: "test", process: 1, at: hub.now)
        let policy = hub.policy.current
        let now = hub.now
        let claimed = try await hub.store.claim(ClaimQuery(now: now, limit: 10, node: node)) { candidates in
            var decider = ClaimDecider(
                policy: policy, now: now, slots: ["mail": 10], throttles: [CampaignKey(name: "spring"): .init()])
            return decider.decide(candidates)
        }
        #expect(claimed.count == 1)
        _ = try await hub.take(
            hub.message(
                from: "n1@example.com", "unsubscribe",
                requests: [.optOut(topic: nil, channel: .email, method: "mail")]))
        let left = try await hub.store.handOff(claimed.map(\.id), node: node, at: now)
        #expect(left.isEmpty)
        let progress = try await run(hub, [RecordingAdapter(name: "mail", channel: .email)])
        #expect(progress.skipped == ["consent": 1])
        try await hub.close()
    }

    /// Three text messages over a gateway that takes one at a time: the first leaves, the second is in the air until the
    /// gate opens, the third waits for room.
    private func queued(
        _ hub: HubFixture, _ body: (_ running: Task<Void, any Error>, _ open: @Sendable () -> Void) async throws -> Void
    ) async throws -> CampaignProgress {
        _ = try await hub.imports(consented(3))
        _ = try await hub.campaigns.send(definition(channels: [.sms]), folder: nil) { _ in }
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let sent = Mutex(0)
        let adapter = RecordingAdapter(name: "sms", channel: .sms, window: 1) { _ in
            let number = sent.withLock { count in
                count += 1
                return count
            }
            if number == 2 { for await _ in gate {} }
            return .success(Receipt())
        }
        let dispatcher = try await hub.dispatcher([adapter])
        let running = Task { try await dispatcher.run() }
        defer { running.cancel() }
        let key = CampaignKey(name: "spring")
        try await hub.waits("the third to wait") {
            let states = try await hub.store.progress(key, at: hub.now).states
            return dispatcher.flight.waiting == 1 && states[.handedOff] == 1 && states[.accepted] == 1
        }
        try await body(running) { opening.finish() }
        try await hub.waits("the second to land") {
            try await hub.store.progress(key, at: hub.now).states[.accepted] == 2
        }
        running.cancel()
        try await running.value
        return try await hub.store.progress(key, at: hub.now)
    }

    @Test("a provider that takes its time gets the next message as soon as it has taken one")
    func fullWindow() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(6))
        _ = try await hub.campaigns.send(definition(channels: [.sms]), folder: nil) { _ in }
        let (first, opening) = AsyncStream.makeStream(of: Void.self)
        let (others, openingOthers) = AsyncStream.makeStream(of: Void.self)
        let sent = Mutex(0)
        let adapter = RecordingAdapter(name: "sms", channel: .sms, window: 3) { _ in
            let number = sent.withLock { count in
                count += 1
                return count
            }
            for await _ in number == 1 ? first : others {}
            return .success(Receipt())
        }
        let dispatcher = try await hub.dispatcher([adapter])
        let running = Task { try await dispatcher.run() }
        defer { running.cancel() }
        try await hub.waits("three to leave") { sent.withLock { $0 } == 3 }
        opening.finish()
        try await hub.waits("the fourth to leave") { sent.withLock { $0 } == 4 }
        openingOthers.finish()
        running.cancel()
        try await running.value
        try await hub.close()
    }

    @Test("a verdict that had to wait for room in the air is asked for again")
    func oldVerdict() async throws {
        let hub = try await HubFixture()
        let progress = try await queued(hub) { _, open in
            // It is night when the second one lands.
            hub.advance(seconds: 9 * 3600 + 60)
            open()
            try await hub.waits("the third to be judged") {
                // What is claimed again while it is still in hand is put off for a moment, which has to come.
                hub.advance(seconds: 1)
                return try await hub.store.progress(CampaignKey(name: "spring"), at: hub.now).states[.deferred] == 1
            }
        }
        #expect(progress.states[.accepted] == 2 && progress.states[.deferred] == 1)
        try await hub.close()
    }

    @Test("told to stop, what waits for room goes back and what is in the air lands")
    func stopped() async throws {
        let hub = try await HubFixture()
        let progress = try await queued(hub) { running, open in
            running.cancel()
            try await hub.waits("the third to go back") {
                try await hub.store.progress(CampaignKey(name: "spring"), at: hub.now).states[.planned] == 1
            }
            open()
        }
        #expect(progress.states[.accepted] == 2 && progress.states[.planned] == 1)
        try await hub.close()
    }

    @Test("what was taken back is not claimed again while the earlier claim is in hand")
    func takenBackInHand() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports(consented(1))
        _ = try await hub.campaigns.send(definition(), folder: nil) { _ in }
        let node = try await hub.store.register(host: "test", process: 1, at: hub.now)
        let policy = hub.policy.current
        func claim(_ now: Timestamp, inHand: Set<DispatchID>) async throws -> [DispatchID] {
            try await hub.store.claim(ClaimQuery(now: now, limit: 10, node: node)) { candidates in
                var decider = ClaimDecider(
                    policy: policy, now: now, slots: ["mail": 10], throttles: [CampaignKey(name: "spring"): .init()],
                    inHand: inHand)
                return decider.decide(candidates)
            }.map(\.id)
        }
        let first = try await claim(hub.now, inHand: [])
        // A no to something else: the row is judged anew, and may still be sent.
        _ = try await hub.take(
            hub.message(
                from: "n1@example.com", "unsubscribe",
                requests: [.optOut(topic: "care", channel: .sms, method: "mail")]))
        #expect(try await claim(hub.now, inHand: Set(first)).isEmpty)
        #expect(try await hub.store.handOff(first, node: node, at: hub.now).isEmpty)
        #expect(try await claim(hub.now.adding(milliseconds: 100), inHand: []) == first)
        try await hub.close()
    }
}

extension CampaignProgress {
    fileprivate var isOver: Bool {
        planned > 0 && DispatchState.allCases.filter { !$0.isFinal }.allSatisfy { (states[$0] ?? 0) == 0 }
    }
}
