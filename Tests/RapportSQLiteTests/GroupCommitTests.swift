import Dispatch
import GRDB
import RapportLog
import Testing

@testable import RapportSQLite

@Suite("Callers who write")
struct GroupCommitTests {
    private func write(_ text: String, fails: Bool = false, _ store: SQLiteStore) async -> StoreError.Code? {
        do throws(StoreError) {
            try await store.commits.write("writing") { transaction in
                _ = try transaction.word(text)
                if fails {
                    _ = try transaction.word("\(text) and lost")
                    throw StoreError(.contract, "a test")
                }
            }
            return nil
        } catch {
            return error.code
        }
    }

    @Test("stand or fall by themselves, alone and in one transaction with others", arguments: [false, true])
    func alone(shares: Bool) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        let (entries, entered) = AsyncStream.makeStream(of: Void.self)
        let leave = DispatchSemaphore(value: 0)
        // Those who come while the thread is kept share the next transaction.
        async let keeps: Void = store.commits.write("keeping") { _ in
            entered.yield()
            if shares { leave.wait() }
        }
        _ = await entries.first { _ in true }
        if !shares { try await keeps }
        let texts = shares ? ["before", "bad", "after"] : ["bad"]
        let codes = await withTaskGroup(of: (String, StoreError.Code?).self) { group in
            for text in texts { group.addTask { (text, await write(text, fails: text == "bad", store)) } }
            while shares, store.commits.waiting < texts.count { try? await Task.sleep(for: .milliseconds(1)) }
            leave.signal()
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        try await keeps
        #expect(codes == ["bad": .contract])
        // What was learned of a word that is not there any more would be wrong.
        for text in ["bad", "later"] { #expect(await write(text, store) == nil) }
        try await store.close()
        let database = try DatabaseQueue(path: folder.path())
        let words = try await database.read { try String.fetchAll($0, sql: "SELECT text FROM word ORDER BY id") }
        #expect(Set(words) == Set(texts + ["bad", "later"]))
        #expect(words.count == Set(words).count)
    }
}
