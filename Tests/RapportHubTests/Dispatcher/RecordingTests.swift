import RapportChannels
import RapportCore
import RapportLog
import RapportSQLite
import RapportTestSupport
import Synchronization
import Testing

@testable import RapportHub

@Suite("Recording what sends came to")
struct RecordingTests {
    /// Sends to ten customers over a store that refuses some results.
    private func send(
        _ hub: HubFixture, over store: InterposedStore, until isDone: (CampaignProgress) -> Bool,
        answer: @escaping @Sendable (OutboundMessage) async -> Result<Receipt, SendError> = { _ in .success(Receipt()) }
    ) async throws -> CampaignProgress {
        _ = try await hub.imports(
            "id,name,email,consents\n"
                + (1...10).map { "crm/\($0),N\($0),n\($0)@example.com,offers:*:granted" }.joined(separator: "\n"))
        _ = try await hub.campaigns.send(
            CampaignDefinition(
                name: "spring", title: "Spring", messageClass: .marketing, topic: "offers", channels: [.email],
                adapters: [:], audience: .everyone, offer: nil, occurrence: nil, startAt: nil, expiry: nil,
                language: "en", throttle: ThrottleSettings(), repeats: false, variables: [:],
                templates: [.init(channel: .email, language: nil, part: .text, text: "Subject: Hi\n\nDear {{name}}\n")],
                attachments: [], content: "c1"), folder: nil
        ) { _ in }
        let dispatcher = try await hub.dispatcher(
            [RecordingAdapter(name: "mail", channel: .email, window: 16, answer: answer)], over: store)
        let running = Task { try await dispatcher.run() }
        let key = CampaignKey(name: "spring")
        for _ in 0..<600 where try await !isDone(hub.store.progress(key, at: hub.now)) {
            try await Task.sleep(for: .milliseconds(5))
        }
        running.cancel()
        try await running.value
        return try await hub.store.progress(key, at: hub.now)
    }

    /// A store to which a result is a fault of the hub's.
    private func store(
        _ hub: HubFixture, refusing isRefused: @escaping @Sendable (DispatchResult) -> Bool
    ) -> InterposedStore {
        var store = InterposedStore(hub.store)
        store.beforeRecord = { results throws(StoreError) in
            if results.contains(where: isRefused) { throw StoreError(.contract, "a test") }
        }
        return store
    }

    @Test("one that can't be written takes no others with it, and its message becomes unknown, with the reason")
    func oneByOne() async throws {
        let hub = try await HubFixture()
        let store = store(hub) { $0.id == DispatchID(3) && $0.outcome != .unknown }
        let progress = try await send(hub, over: store) { $0.states[.accepted] == 9 && $0.states[.unknown] == 1 }
        #expect(progress.states == [.accepted: 9, .unknown: 1])
        let detail = "its result could not be written: store contract: a test"
        #expect(try await hub.store.dispatch(DispatchID(3))?.detail == detail)
        let rows = try await hub.store.interactions(after: InteractionID(0), limit: 99)
        let told = try #require(rows.first { $0.kind == .deliveryUnknown })
        #expect(told.references.dispatch == DispatchID(3) && told.attributes == ["detail": detail])
        #expect(told.subject == nil && told.to == nil)
        #expect(try await hub.store.verifyProjections { _, _ in } == [])
        try await hub.close()
    }

    @Test("one of which nothing can be written stays in hand for the next start to settle, and the others go on")
    func stuck() async throws {
        let hub = try await HubFixture()
        let store = store(hub) { $0.id == DispatchID(3) }
        let progress = try await send(hub, over: store) { $0.states[.accepted] == 9 }
        #expect(progress.states == [.accepted: 9, .handedOff: 1])
        let node = try await hub.store.register(host: "test", process: 2, at: hub.now)
        for old in try await hub.store.status(at: hub.now).nodes where old.number != node {
            try await hub.store.unregister(node: old.number)
        }
        #expect(try await hub.store.recover(node: node, at: hub.now) == Recovery(unknown: 1))
        try await hub.close()
    }

    @Test("a hub that is told to stop writes them though the store is busy at first")
    func stopping() async throws {
        let hub = try await HubFixture()
        let calls = Atomic(0)
        var store = InterposedStore(hub.store)
        store.beforeRecord = { _ throws(StoreError) in
            if calls.add(1, ordering: .relaxed).oldValue < 3 { throw StoreError(.busy, "a test") }
        }
        let progress = try await send(hub, over: store, until: { $0.states[.handedOff] == 10 }) { _ in
            // The answers come when the hub has been told to stop.
            while !Task.isCancelled { await Task.yield() }
            return .success(Receipt())
        }
        #expect(progress.states == [.accepted: 10])
        try await hub.close()
    }
}
