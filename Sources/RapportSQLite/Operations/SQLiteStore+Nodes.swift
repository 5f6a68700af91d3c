import GRDB
package import RapportCore
package import RapportLog

extension SQLiteStore: NodeStoring {
    package func register(host: String, process: Int, at now: Timestamp) async throws(StoreError) -> Int64 {
        try await commits.write("registering a node", changesFacts: false) { [repetitions, recentRows] transaction in
            let db = transaction.db
            try db.run(
                "INSERT INTO node (host, process, started_at, seen_at) VALUES (?, ?, ?3, ?3)",
                [host, process, now.milliseconds])
            let number = db.lastInsertedRowID
            // A hub is about to take events: what it has to know by heart is not to be read while the first ones wait.
            try repetitions.prepare(db)
            try recentRows.catchUp(db, to: try transaction.lastPosition())
            return number
        }
    }

    package func heartbeat(node: Int64, at now: Timestamp) async throws(StoreError) {
        try await commits.write("keeping a node alive", changesFacts: false) { transaction in
            // Also when the clock was set back: a node that dies before it has caught up must not seem to live until then.
            try transaction.db.run("UPDATE node SET seen_at = ? WHERE number = ?", [now.milliseconds, node])
        }
    }

    package func node(_ number: Int64) async throws(StoreError) -> NodeRecord? {
        try await read("reading a node") { try NodeTable($0).record(number) }
    }

    package func unregister(node: Int64) async throws(StoreError) {
        try await commits.write("unregistering a node", changesFacts: false) { transaction in
            try transaction.db.run("DELETE FROM node WHERE number = ?", [node])
        }
    }
}

/// Reads the nodes that are registered.
struct NodeTable {
    private static let columns = "SELECT number, host, process, started_at, seen_at FROM node"

    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func record(_ number: Int64) throws -> NodeRecord? {
        try transaction.db.first(Self.columns + " WHERE number = ?", [number], record)
    }

    func all() throws -> [NodeRecord] {
        try transaction.db.list(Self.columns + " ORDER BY number", [], record)
    }

    private func record(_ row: Row) -> NodeRecord {
        NodeRecord(
            number: row[0], host: row[1], process: row[2], startedAt: row.instant(3), seenAt: row.instant(4))
    }
}

extension SQLiteStore: CursorStoring {
    package func cursor(of reader: String) async throws(StoreError) -> Int64 {
        try await read("reading a cursor") {
            try $0.db.number("SELECT position FROM reader WHERE name = ?", [reader])
        }
    }

    package func advance(_ reader: String, to position: Int64, at now: Timestamp) async throws(StoreError) {
        try await commits.write("moving a cursor", changesFacts: false) { transaction in
            try transaction.db.run(
                """
                INSERT INTO reader (name, position, at) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET position = excluded.position, at = excluded.at, failure = NULL, failed_at = NULL
                    WHERE excluded.position > position
                """, [reader, position, now.milliseconds])
        }
    }

    package func fail(_ reader: String, because reason: String, at now: Timestamp) async throws(StoreError) {
        try await commits.write("noting a failure", changesFacts: false) { transaction in
            try transaction.db.run(
                """
                INSERT INTO reader (name, position, at, failure, failed_at) VALUES (?1, 0, ?3, substr(?2, 1, 300), ?3)
                ON CONFLICT DO UPDATE SET failure = excluded.failure, failed_at = excluded.failed_at
                """, [reader, reason, now.milliseconds])
        }
    }
}
