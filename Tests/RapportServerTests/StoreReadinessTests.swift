import Foundation
import Logging
import RapportCore
import RapportHub
import RapportLog
import RapportSQLite
import Synchronization
import Testing

@testable import RapportServer

@Suite("Whether the store can be worked with")
struct StoreReadinessTests {
    private static let silence = "store: nothing could be written for \(NodeRecord.silenceSeconds) seconds"

    @Test(
        "is so while this hub's own heartbeat can be written, however the clock is set, and not when it is too old",
        .timeLimit(.minutes(1)), arguments: [0, -25, -86_400, 86_400] as [Int64])
    func heartbeat(clockIsSet seconds: Int64) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rapport-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await SQLiteStore.open(path: folder.appending(path: "rapport.db").path)
        let elapsed = Mutex(Duration.zero)
        let start = ContinuousClock.now
        let heartbeat = Heartbeat { start + elapsed.withLock { $0 } }
        let node = try await store.register(host: "test", process: 1, at: TestHub.now)
        let readiness = StoreReadiness(store: store, node: node, heartbeat: heartbeat)
        #expect(await readiness.problem() == nil)

        elapsed.withLock { $0 += .seconds(NodeRecord.silenceSeconds - 1) }
        #expect(await readiness.problem() == nil)
        elapsed.withLock { $0 += .seconds(1) }
        // Another hub that lives says nothing about what this one can write.
        let other = try await store.register(host: "other", process: 2, at: TestHub.now)
        #expect(other != node)
        #expect(await readiness.problem() == Self.silence)
        let service = Recurring.heartbeat(
            of: node, store: store, clock: { TestHub.now.adding(seconds: seconds) }, telling: heartbeat,
            logger: Logger(label: "test"))
        let running = Task { try await service.run() }
        while await readiness.problem() != nil { try await Task.sleep(for: .milliseconds(5)) }
        running.cancel()
        try await running.value
        #expect(try await store.node(node)?.seenAt == TestHub.now.adding(seconds: seconds))
        elapsed.withLock { $0 += .seconds(NodeRecord.silenceSeconds) }
        #expect(await readiness.problem() == Self.silence)

        try await store.close()
        #expect(await readiness.problem() == "store: closed")
    }

    @Test("is not so for a hub whose place somebody else has taken")
    func takenOver() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rapport-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await SQLiteStore.open(path: folder.appending(path: "rapport.db").path)
        let node = try await store.register(host: "test", process: 1, at: TestHub.now)
        let readiness = StoreReadiness(store: store, node: node, heartbeat: Heartbeat())
        #expect(await readiness.problem() == nil)
        try await store.unregister(node: node)
        #expect(await readiness.problem() == Self.silence)
        try await store.close()
    }
}
