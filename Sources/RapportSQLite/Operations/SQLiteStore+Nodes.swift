import GRDB
package import RapportCore
package import RapportLog

extension SQLiteStore: NodeStoring {
    package func register(host: String, process: Int, at now: Timestamp) async throws(StoreError) -> Int64 {
        try await commits.write("registering a node") { transaction in
            try transaction.db.run(
                "INSERT INTO node (host, process, started_at, seen_at) VALUES (?, ?, ?3, ?3)",
                [host, process, now.milliseconds])
            return transaction.db.lastInsertedRowID
        }
    }

    package func heartbeat(node: Int64, at now: Timestamp) async throws(StoreError) {
        try await commits.write("keeping a node alive") { transaction in
            try transaction.db.run(
                "UPDATE node SET seen_at = max(seen_at, ?) WHERE number = ?", [now.milliseconds, node])
        }
    }

    package func unregister(node: Int64) async throws(StoreError) {
        try await commits.write("unregistering a node") { transaction in
            try transaction.db.run("DELETE FROM node WHERE number = ?", [node])
        }
    }
}

extension SQLiteStore: CursorStoring {
    package func cursor(of reader: String) async throws(StoreError) -> Int64 {
        try await read("reading a cursor") {
            try $0.db.number("SELECT position FROM reader WHERE name = ?", [reader])
        }
    }

    package func advance(_ reader: String, to position: Int64, at now: Timestamp) async throws(StoreError) {
        try await commits.write("moving a cursor") { transaction in
            try transaction.db.run(
                """
                INSERT INTO reader (name, position, at) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET position = excluded.position, at = excluded.at
                    WHERE excluded.position > position
                """, [reader, position, now.milliseconds])
        }
    }
}
