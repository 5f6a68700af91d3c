import CSQLite
import Foundation
import GRDBSQLite
import Synchronization
import Testing

@testable import RapportSQLite

@Suite("The write-ahead log whose frames are gathered")
struct WriteAheadFileTests {
    /// A connection by the way into files with this name.
    private final class Connection {
        private var handle: OpaquePointer?

        init(_ path: String, by vfs: String) throws {
            let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            try #require(sqlite3_open_v2(path, &handle, flags, vfs) == SQLITE_OK)
        }

        deinit { sqlite3_close(handle) }

        func run(_ sql: String) throws {
            try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, "\(sql): \(error)")
        }

        /// What became of it.
        func code(_ sql: String) -> Int32 { sqlite3_exec(handle, sql, nil, nil, nil) }

        var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

        private var error: String { String(cString: sqlite3_errmsg(handle)) }

        /// The first column of the first row.
        func text(_ sql: String) throws -> String {
            var statement: OpaquePointer?
            try #require(sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, "\(sql): \(error)")
            defer { sqlite3_finalize(statement) }
            try #require(sqlite3_step(statement) == SQLITE_ROW, "\(sql): \(error)")
            return String(cString: try #require(sqlite3_column_text(statement, 0)))
        }

        func content() throws -> String {
            #expect(try text("PRAGMA integrity_check") == "ok")
            return try text("SELECT count(*) || ' ' || sum(length(b)) || ' ' || sum(a * c) FROM t")
        }
    }

    init() { SQLiteLibrary.configure() }

    @Test("is how stores are opened")
    func isDefault() throws {
        let name = try #require(sqlite3_vfs_find(nil)?.pointee.zName)
        #expect(String(cString: name) == "rapport")
    }

    @Test(
        "says after each commit to every other program, and to one that finds it alone, what SQLite’s own would",
        arguments: ["OFF", "NORMAL", "FULL"])
    func same(_ synchronous: String) throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let writer = try Connection(folder.path(), by: "rapport")
        try writer.run(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = \(synchronous); PRAGMA wal_autocheckpoint = 0")
        // So small that pages leave for the log in the middle of a transaction, and are read again from there.
        try writer.run("PRAGMA cache_size = 10; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c INTEGER)")
        let other = try Connection(folder.path(), by: "unix")
        let steps = [
            "INSERT INTO t VALUES (1, 'b', 3)",
            """
            BEGIN;
            WITH n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
            INSERT INTO t SELECT i, hex(randomblob(1000)), i FROM n;
            SAVEPOINT s; UPDATE t SET c = 7; DELETE FROM t WHERE a % 3 = 0; ROLLBACK TO s;
            UPDATE t SET c = a % 5 WHERE a % 2 = 0; UPDATE t SET c = c + 2 WHERE a > 360; UPDATE t SET c = 1 WHERE a < 200;
            COMMIT
            """,
            // Reads pages that have left and are still held.
            "BEGIN; UPDATE t SET c = 9 WHERE a < 40; UPDATE t SET c = 8 WHERE a < 40; COMMIT",
            "PRAGMA wal_checkpoint(PASSIVE)",
            "UPDATE t SET c = 11 WHERE a = 300",
            "BEGIN; UPDATE t SET b = hex(randomblob(1200)); ROLLBACK",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "UPDATE t SET b = hex(randomblob(900)), c = 2 WHERE a % 4 = 1",
        ]
        for step in steps {
            try writer.run(step)
            // As after a crash of all programs: without the index, by what the log says itself.
            let copy = try ScratchFolder()
            defer { copy.remove() }
            for name in ["rapport.db", "rapport.db-wal"] {
                try FileManager.default.copyItem(atPath: folder.path(name), toPath: copy.path(name))
            }
            let found = [
                try Connection(copy.path(), by: "unix").content(), try other.content(),
                try Connection(folder.path(), by: "unix").content(),
            ]
            // The writer last, because it looks into its log and would write what it held.
            let content = try writer.content()
            #expect(found == [content, content, content], "\(step)")
        }
    }

    @Test(
        "that can’t be written to takes the whole transaction back, wherever it is found out, and goes on once it can")
    func full() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let writer = try Connection(folder.path(), by: "rapport")
        try writer.run(
            "PRAGMA journal_mode = WAL; PRAGMA cache_size = 10; PRAGMA temp_store = MEMORY")
        try writer.run(
            """
            CREATE TABLE t (a INTEGER PRIMARY KEY, b, c);
            WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
            INSERT INTO t SELECT i, hex(randomblob(1000)), i FROM n
            """)
        let content = try writer.content()
        for steps in [
            // With the commit; in the middle; where a page is read that has left and is still held.
            ["UPDATE t SET c = 0 WHERE a < 20"], ["BEGIN", "UPDATE t SET c = 0"],
            ["BEGIN", "UPDATE t SET c = 0 WHERE a < 40; SELECT sum(c) FROM t WHERE a < 40"],
        ] {
            // What is read comes from the file, until it has left for the log.
            try writer.run("PRAGMA wal_checkpoint(TRUNCATE); UPDATE t SET c = c WHERE a = 300")
            try FullDisk.during {
                for step in steps.dropLast() { try writer.run(step) }
                let code = writer.code(steps[steps.count - 1]) & 0xff
                #expect([SQLITE_FULL, SQLITE_IOERR].contains(code), "\(steps)")
            }
            #expect(!writer.isInTransaction, "\(steps)")
            #expect(try writer.content() == content, "\(steps)")
        }
        try writer.run("UPDATE t SET c = 1 WHERE a < 40")
        #expect(try Connection(folder.path(), by: "unix").content() == writer.content())
    }
}

/// A disk on which one thread has no room, by SQLite's own place for such tests (`xSetSystemCall`).
private enum FullDisk {
    private static let thread = Mutex<pthread_t?>(nil)
    private static let names = ["pwrite", "pwrite64"]

    static func during(_ body: () throws -> Void) throws {
        let system = try #require(sqlite3_vfs_find("unix"))
        typealias Write = @convention(c) (Int32, UnsafeRawPointer?, Int, off_t) -> Int
        let write: Write = { descriptor, bytes, count, offset in
            guard FullDisk.thread.withLock({ $0 }) != pthread_self() else {
                errno = ENOSPC
                return -1
            }
            return pwrite(descriptor, bytes, count, offset)
        }
        thread.withLock { $0 = pthread_self() }
        for name in names {
            _ = system.pointee.xSetSystemCall(system, name, unsafeBitCast(write, to: sqlite3_syscall_ptr.self))
        }
        defer {
            thread.withLock { $0 = nil }
            for name in names { _ = system.pointee.xSetSystemCall(system, name, nil) }
        }
        try body()
    }
}
