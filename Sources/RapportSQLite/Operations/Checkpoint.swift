import Foundation
import GRDB

/// Empties the write-ahead log, in which overwritten pages may still be read.
enum Checkpoint {
    private static let tries = 20

    /// Tries for a few seconds, a moment at a time, because it needs the store to itself; what can't be done now is done
    /// by a later checkpoint, at the latest when the store is closed.
    ///
    /// - Returns: whether the log is empty.
    @discardableResult
    static func truncate(_ path: String) throws -> Bool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(0.05)
        let database = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? database.close() }
        for attempt in 1...tries {
            let isDone = try? database.writeWithoutTransaction { db in
                try Int.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0
            }
            if isDone == true { return true }
            if attempt < tries { BusyWait.pause(microseconds: 200_000) }
        }
        return false
    }
}
