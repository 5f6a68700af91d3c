import Foundation
import RapportCore
import RapportLog
import RapportSQLite
import Synchronization
import Testing

@testable import RapportServer

@Suite("Whether the store can be worked with")
struct StoreReadinessTests {
    @Test(
        "is so while this hub's own heartbeat can be written, and no longer when it is too old or the store is closed")
    func heartbeat() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rapport-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await SQLiteStore.open(path: folder.appending(path: "rapport.db").path)
        let now = Mutex(TestHub.now)
        let node = try await store.register(host: "test", process: 1, at: TestHub.now)
        let readiness = StoreReadiness(store: store, node: node) { now.withLock { $0 } }
        #expect(await readiness.problem() == nil)

        let silence = Int64(NodeRecord.silenceSeconds)
        now.withLock { $0 = $0.adding(seconds: silence + 1) }
        // Another hub that lives says nothing about what this one can write.
        let other = try await store.register(host: "other", process: 2, at: now.withLock { $0 })
        #expect(other != node)
        #expect(await readiness.problem() == "store: nothing could be written for \(silence) seconds")
        try await store.heartbeat(node: node, at: now.withLock { $0 })
        #expect(await readiness.problem() == nil)

        try await store.close()
        #expect(await readiness.problem() == "store: closed")
    }
}
