import CSQLite
import Dispatch
import NIOCore
import Synchronization

/// The least that it takes to answer for an event: a row of an SQLite file, synced to the disk before the answer. There is
/// one table and no index, nothing is looked at, and rows that come while a commit is under way share the next one.
final class RowFile: Sendable {
    private struct Row {
        var body: ByteBuffer
        var written: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var waiting: [Row] = []
        var isWriting = false
    }

    // As the hub's own writing connection.
    private let queue = DispatchQueue(label: "rows", qos: .utility)
    private let state = Mutex(State())
    /// Used on the queue alone.
    private nonisolated(unsafe) let connection: OpaquePointer
    private nonisolated(unsafe) let insertion: OpaquePointer

    /// Makes the file, or opens it.
    init(_ path: String) throws {
        var connection: OpaquePointer?
        var insertion: OpaquePointer?
        guard sqlite3_open(path, &connection) == SQLITE_OK, let connection,
            sqlite3_exec(
                connection,
                """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
                """, nil, nil, nil) == SQLITE_OK,
            sqlite3_prepare_v2(connection, "INSERT INTO event (body) VALUES (?)", -1, &insertion, nil) == SQLITE_OK,
            let insertion
        else { throw Self.error(connection) }
        self.connection = connection
        self.insertion = insertion
    }

    deinit {
        sqlite3_finalize(insertion)
        sqlite3_close(connection)
    }

    var count: Int {
        get throws {
            try queue.sync {
                var statement: OpaquePointer?
                defer { sqlite3_finalize(statement) }
                guard
                    sqlite3_prepare_v2(connection, "SELECT count(*) FROM event", -1, &statement, nil) == SQLITE_OK,
                    sqlite3_step(statement) == SQLITE_ROW
                else { throw Self.error(connection) }
                return Int(sqlite3_column_int64(statement, 0))
            }
        }
    }

    /// Returns when the row is on the disk.
    func append(_ body: ByteBuffer) async throws {
        try await withCheckedThrowingContinuation { written in
            let isFirst = state.withLock { state in
                state.waiting.append(Row(body: body, written: written))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if isFirst { queue.async { self.write() } }
        }
    }

    private func write() {
        while let rows = next() {
            let result = Result { try commit(rows) }
            for row in rows { row.written.resume(with: result) }
        }
    }

    private func next() -> [Row]? {
        state.withLock { state in
            state.isWriting = !state.waiting.isEmpty
            defer { state.waiting = [] }
            return state.isWriting ? state.waiting : nil
        }
    }

    private func commit(_ rows: [Row]) throws {
        try run("BEGIN IMMEDIATE")
        for row in rows {
            let code = row.body.withUnsafeReadableBytes { bytes in
                // Without a destructor: the bytes stay where they are until the statement has run.
                sqlite3_bind_blob(insertion, 1, bytes.baseAddress, Int32(bytes.count), nil)
                return sqlite3_step(insertion)
            }
            sqlite3_reset(insertion)
            guard code == SQLITE_DONE else { throw Self.error(connection) }
        }
        try run("COMMIT")
    }

    private func run(_ sql: String) throws {
        guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else { throw Self.error(connection) }
    }

    private static func error(_ connection: OpaquePointer?) -> BenchError {
        BenchError("the file of rows: \(connection.map { String(cString: sqlite3_errmsg($0)) } ?? "no connection")")
    }
}
