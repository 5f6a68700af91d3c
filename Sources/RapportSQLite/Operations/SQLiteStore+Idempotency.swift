import GRDB
package import RapportCore
package import RapportLog

extension SQLiteStore: IdempotencyStoring {
    /// Without an answer for this long, whoever reserved a key is taken for dead.
    private static var reservedSeconds: Int64 { 3_600 }
    private static var keptSeconds: Int64 { 86_400 }

    package func begin(
        key: String, bodyHash: String, at now: Timestamp
    ) async throws(StoreError) -> IdempotencyState {
        try await commits.write("reserving a request", changesFacts: false) { transaction in
            let db = transaction.db
            // Each finds what it removes by an index of its own: with one statement for both, every key that was answered
            // within the last day would be looked at, each time.
            try db.run(
                "DELETE FROM idempotency INDEXED BY idempotency_by_time WHERE at <= ?",
                [now.adding(seconds: -Self.keptSeconds).milliseconds])
            try db.run(
                "DELETE FROM idempotency INDEXED BY idempotency_reserved WHERE status IS NULL AND at <= ?",
                [now.adding(seconds: -Self.reservedSeconds).milliseconds])
            let known = try db.first("SELECT body_hash, status, body FROM idempotency WHERE key = ?", [key]) { row in
                if row[0] as String != bodyHash { return IdempotencyState.mismatch }
                guard let status = row[1] as Int?, let body = row[2] as String? else { return .inProgress }
                return .replay(status: status, body: body)
            }
            if let known { return known }
            try db.run(
                "INSERT INTO idempotency (key, body_hash, at) VALUES (?, ?, ?)", [key, bodyHash, now.milliseconds])
            return .new
        }
    }

    package func finish(key: String, status: Int, body: String, at now: Timestamp) async throws(StoreError) {
        try await commits.write("answering a request", changesFacts: false) { transaction in
            try transaction.db.run(
                "UPDATE idempotency SET status = ?, body = ?, at = ? WHERE key = ?",
                [status, body, now.milliseconds, key])
        }
    }

    package func abandon(key: String) async throws(StoreError) {
        try await commits.write("giving up a request", changesFacts: false) { transaction in
            try transaction.db.run("DELETE FROM idempotency WHERE key = ? AND status IS NULL", [key])
        }
    }

    package func abandonReservations() async throws(StoreError) {
        try await commits.write("giving up requests", changesFacts: false) { transaction in
            try transaction.db.run("DELETE FROM idempotency WHERE status IS NULL")
        }
    }
}
