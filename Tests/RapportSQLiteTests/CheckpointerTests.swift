import Foundation
import GRDB
import RapportLog
import Synchronization
import Testing

@testable import RapportSQLite

@Suite("The write-ahead log")
struct CheckpointerTests {
    private static let limit = 16

    private let folder: ScratchFolder
    private let store: SQLiteStore

    init() async throws {
        folder = try ScratchFolder()
        store = try await SQLiteStore.open(path: folder.path(), options: SQLiteStore.Options(longLog: Self.limit))
    }

    /// As many commits of a page or two.
    ///
    /// - Parameter waiting: whether each waits until the other connection has copied what it is to copy.
    private func commit(_ count: Int, waiting: Bool = true) async throws {
        for _ in 0..<count {
            try await store.commits.write("filling") {
                try $0.db.execute(sql: "INSERT INTO word (text) VALUES (hex(randomblob(16)))")
            }
            // After the commit before has been followed.
            try await store.pool.writeWithoutTransaction { _ in }
            if waiting { store.checkpointer.queue.sync {} }
        }
    }

    /// How many pages the log has had room for since the store was opened.
    private var pages: Int {
        get throws {
            let size = try FileManager.default.attributesOfItem(atPath: folder.path() + "-wal")[.size] as? Int
            return (size ?? 0) / 4096
        }
    }

    /// Another one each time that the log is begun anew (https://sqlite.org/fileformat2.html#walformat).
    private var salt: [UInt8] {
        get throws {
            let file = try FileHandle(forReadingFrom: URL(filePath: folder.path() + "-wal"))
            defer { try? file.close() }
            return Array(try file.read(upToCount: 24)?.dropFirst(16) ?? Data())
        }
    }

    private func words() async throws -> Int {
        try await store.read("counting") { try Int.fetchOne($0.db, sql: "SELECT count(*) FROM word") ?? 0 }
    }

    @Test("is copied before it is long, and nothing of it is lost")
    func bounded() async throws {
        defer { folder.remove() }
        let (before, start) = (try await words(), try pages)
        try await commit(300)
        #expect(try pages < start + 2 * Self.limit)
        try await store.close()
        let database = try DatabaseQueue(path: folder.path())
        let (count, check) = try await database.read { db in
            (
                try Int.fetchOne(db, sql: "SELECT count(*) FROM word"),
                try String.fetchOne(db, sql: "PRAGMA integrity_check")
            )
        }
        #expect(count == before + 300)
        #expect(check == "ok")
    }

    @Test("is not copied by those who commit, but for what they added meanwhile")
    func beside() async throws {
        defer { folder.remove() }
        let start = try pages
        store.checkpointer.queue.suspend()
        try await commit(100, waiting: false)
        let whole = try pages
        #expect(whole >= start + 100)
        store.checkpointer.queue.resume()
        try await commit(100)
        #expect(try pages < whole + 2 * Self.limit)
        try await store.close()
    }

    @Test("is copied to its end by the next who commits, so that the one after begins it anew")
    func rest() async throws {
        defer { folder.remove() }
        let (first, reader) = (try salt, try store.pool.makeSnapshot())
        try await commit(1)
        try reader.close()
        try await commit(1, waiting: false)
        #expect(try salt == first)
        store.checkpointer.queue.suspend()
        try await store.commits.write("nothing") { _ in }
        try await store.pool.writeWithoutTransaction { _ in }
        #expect(!store.checkpointer.isCopying)
        store.checkpointer.queue.resume()
        try await commit(1, waiting: false)
        #expect(try salt != first)
        try await store.close()
    }

    @Test("keeps what a reader needs, and is begun anew when the reader is gone")
    func readers() async throws {
        defer { folder.remove() }
        let (before, start) = (try await words(), try pages)
        let reader = try store.pool.makeSnapshot()
        try await commit(100)
        let long = try pages
        #expect(long >= start + 100)
        let seen = try await reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM word") }
        #expect(seen == before)
        try reader.close()
        try await commit(100)
        #expect(try pages < long + 2 * Self.limit)
        #expect(try await words() == before + 200)
        try await store.close()
    }

    @Test("is gone when the store is closed, even where nothing was copied before, and everything is in the one file")
    func closed() async throws {
        defer { folder.remove() }
        try await store.close()
        let again = try await SQLiteStore.open(path: folder.path())
        try await again.commits.write("filling") { _ = try $0.word("the last") }
        // A connection that only reads is there as well.
        let count = try await again.read("counting") { try $0.db.number("SELECT count(*) FROM word") }
        try await again.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["rapport.db"])
        let database = try DatabaseQueue(path: folder.path())
        #expect(try await database.read { try Int64.fetchOne($0, sql: "SELECT count(*) FROM word") } == count)
        #expect(count > 0)
    }

    private final class Log: Sendable {
        let isEmpty = Mutex(false)
        let commits = Mutex(0)
    }

    @Test("is emptied when nobody of this process writes, however much they have to write")
    func emptied() async throws {
        defer { folder.remove() }
        let store = store
        let log = Log()
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<200 where !log.isEmpty.withLock({ $0 }) {
                        try await store.commits.write("filling") {
                            try $0.db.execute(sql: "INSERT INTO word (text) VALUES (hex(randomblob(16)))")
                            log.commits.withLock { $0 += 1 }
                            // So that there is always somebody who waits.
                            BusyWait.pause(microseconds: 2_000)
                        }
                    }
                    #expect(log.isEmpty.withLock { $0 })
                }
            }
            while log.commits.withLock({ $0 }) < 50 { try await Task.sleep(for: .milliseconds(1)) }
            try await OwnThread.run("emptying") {
                let done = try store.checkpointer.empty(pausing: store.pool)
                log.isEmpty.withLock { $0 = done }
            }
            try await group.waitForAll()
        }
        try await store.close()
    }

    @Test("is not emptied while the writing connection is at work, even outside a transaction")
    func pausing() async throws {
        defer { folder.remove() }
        let (store, log) = (store, folder.path() + "-wal")
        let size = { @Sendable in (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0 }
        let (emptying, meanwhile) = try await store.pool.writeWithoutTransaction { _ in
            let emptying = Task {
                try await OwnThread.run("emptying") { try store.checkpointer.empty(pausing: store.pool) }
            }
            BusyWait.pause(microseconds: 200_000)
            return (emptying, size())
        }
        #expect(meanwhile > 0)
        #expect(try await emptying.value)
        #expect(size() == 0)
        try await store.close()
    }
}
