import GRDB
package import RapportCore
package import RapportLog

extension SQLiteStore: StatusReading {
    package func status(at now: Timestamp) async throws(StoreError) -> StoreStatus {
        let location = path
        return try await read("reading the status") { try StatusReader($0).status(at: now, location: location) }
    }
}

extension SQLiteStore: ChangeWatching {
    package func version() -> Int64? { dataVersion.read() }
}

extension SQLiteStore: Maintaining {
    package func backup(to path: String) async throws(StoreError) {
        let source = self.path
        try await OwnThread.run("backing up") { try Backup.write(source, to: path) }
    }

    package func verifyProjections(
        progress: @escaping @Sendable (_ position: Int64, _ of: Int64) -> Void
    ) async throws(StoreError) -> [ProjectionDifference] {
        let verifier = Verifier(path: path, pseudonyms: pseudonyms)
        return try await OwnThread.run("verifying") { try verifier.differences(progress: progress) }
    }

    package func rebuildProjections(
        progress: @escaping @Sendable (_ position: Int64, _ of: Int64) -> Void
    ) async throws(StoreError) {
        try await commits.write("rebuilding", weight: Int.max / 2) { try Rebuilder($0).rebuild(progress: progress) }
    }

    package func forgetPayloads(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await commits.write("forgetting payloads", weight: max(1, limit), changesFacts: false) { transaction in
            try transaction.db.change(
                """
                DELETE FROM payload WHERE position IN (
                    SELECT position FROM payload WHERE recorded_at < ? ORDER BY recorded_at, position LIMIT ?)
                """, [before.milliseconds, max(0, limit)])
        }
    }

    package func close() async throws(StoreError) {
        guard beginClosing() else { return }
        let (pool, dataVersion, checkpointer) = (pool, dataVersion, checkpointer)
        await withCheckedContinuation { continuation in commits.whenIdle { continuation.resume() } }
        try await OwnThread.run("closing") {
            try checkpointer.close(after: {
                try dataVersion.close()
                try pool.close()
            })
        }
    }
}
