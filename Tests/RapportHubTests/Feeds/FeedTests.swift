import Logging
import RapportChannels
import RapportCore
import RapportLog
import Synchronization
import Testing

@testable import RapportHub

@Suite("A feed of the log")
struct FeedTests {
    /// Takes three interactions at a time, when it is up, and remembers every batch that it was offered.
    private final class Receiver: FeedReceiver {
        let name = "crm"
        let isUp = Mutex(true)
        let offered = Mutex<[[Int64]]>([])

        func batchSize(of interactions: [Interaction]) -> Int { min(3, interactions.count) }

        func deliver(_ batch: [Interaction]) async throws(SendError) {
            offered.withLock { $0.append(batch.map(\.id.number)) }
            guard isUp.withLock({ $0 }) else { throw SendError(.timeout) }
        }
    }

    @Test("tells the status why its receiver takes nothing, until it does")
    func failure() async throws {
        let hub = try await HubFixture()
        _ = try await hub.take(hub.message(from: "ana@example.com"))
        let receiver = Receiver()
        receiver.isUp.withLock { $0 = false }
        let feed = Feed(receiver: receiver, store: hub.store, clock: hub.clock, logger: Logger(label: "test"))
        let failure = {
            try await StatusReport.read(from: hub.store, at: hub.now, feeds: ["crm"]).feeds.first?.failure
        }
        let running = Task { try await feed.run() }
        try await hub.waits("the failure to be noted") { try await failure() != nil }
        #expect(try await failure() == .init(reason: "the receiver did not answer in time", at: hub.now))
        receiver.isUp.withLock { $0 = true }
        try await hub.waits("the failure to be over") { try await failure() == nil }
        running.cancel()
        try await running.value
        try await hub.close()
    }

    @Test("offers a batch again as it was, whatever has come in since, and moves on after each")
    func sameBatch() async throws {
        let hub = try await HubFixture()
        let receiver = Receiver()
        func feed() -> Feed {
            Feed(receiver: receiver, store: hub.store, clock: hub.clock, logger: Logger(label: "test"))
        }
        func take(_ count: Int) async throws {
            for _ in 0..<count { _ = try await hub.take(hub.message(from: "ana@example.com")) }
        }
        #expect(try await !feed().step())
        try await take(2)
        receiver.isUp.withLock { $0 = false }
        await #expect(throws: SendError(.timeout)) { try await feed().step() }
        let status = try await StatusReport.read(from: hub.store, at: hub.clock(), feeds: ["crm"])
        #expect(status.feeds.map(\.behind) == [2])
        try await take(4)
        await #expect(throws: SendError(.timeout)) { try await feed().step() }
        receiver.isUp.withLock { $0 = true }
        for hasMore in [true, true, false, false] { #expect(try await feed().step() == hasMore) }
        #expect(receiver.offered.withLock { $0 } == [[1, 2], [1, 2], [1, 2], [3, 4, 5], [6]])
        try await hub.close()
    }
}
