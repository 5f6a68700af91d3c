import CSQLite
import Dispatch
import GRDB
import Synchronization

/// Copies the write-ahead log into the file beside the writing connection, so that the log does not grow.
///
/// SQLite itself does that inside the commit that has made the log long: thousands of pages and two syncs, and everybody
/// waits behind them. Here another connection copies, and the writing one only what it has added meanwhile; then all is
/// copied, and its next transaction begins the log anew, as soon as no reader needs what is in it.
///
/// Nothing is copied where all is copied already and the writing connection might begin the log anew meanwhile: SQLite
/// before 3.51.3 can lose pages then (https://sqlite.org/wal.html#walresetbug).
final class Checkpointer: Sendable {
    private enum Stage {
        case resting
        /// The other connection copies.
        case copying
        /// It is done, and what was added meanwhile is the writing connection's part.
        case copied
    }

    private struct State {
        var stage = Stage.resting
        /// Pages in the log after a commit that was not followed yet.
        var length: Int?
    }

    private static let tries = 20

    /// Where the other connection works, one thing after the other.
    let queue = DispatchQueue(label: "store.checkpoint", qos: .utility)

    private let path: String
    private let limit: Int
    private let state = Mutex(State())
    private let other = Mutex<DatabaseQueue?>(nil)

    /// - Parameter limit: of how many pages on the log is long.
    init(path: String, limit: Int) {
        self.path = path
        self.limit = limit
    }

    /// Takes SQLite's own place at the writing connection, which it must outlive.
    func watch(_ db: Database) {
        sqlite3_wal_hook(
            db.sqliteConnection,
            { checkpointer, _, _, pages in
                guard let checkpointer else { return SQLITE_MISUSE }
                let own = Unmanaged<Checkpointer>.fromOpaque(checkpointer).takeUnretainedValue()
                own.state.withLock { $0.length = Int(pages) }
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Does what there is to do after a commit of the writing connection.
    func follow(_ db: Database) {
        let stage = state.withLock { state -> Stage? in
            // After what wrote nothing, all may be copied already.
            guard let length = state.length.take() else { return nil }
            let isLong = length >= limit
            defer {
                switch state.stage {
                case .resting: if isLong { state.stage = .copying }
                case .copying: break
                case .copied: state.stage = .resting
                }
            }
            return isLong ? state.stage : nil
        }
        switch stage {
        case .resting: queue.async { self.copy() }
        case .copied: Self.copy(by: db)
        case .copying, nil: break
        }
    }

    /// Whether the other connection is at work.
    var isCopying: Bool { state.withLock { $0.stage == .copying } }

    /// Closes all other connections of the store, and its own last.
    ///
    /// Where nobody else has the store open, SQLite copies what is left of the log and removes it with the connection that is
    /// closed last, if that one may write. A pool closes those last that only read.
    ///
    /// - Parameter others: closes them. The writing connection must have no more to commit.
    func close(after others: () throws -> Void) throws {
        try queue.sync {
            // Where it can't be had the log stays, and is copied by the next who opens the store and closes it.
            _ = try? connection()
            try others()
            try other.withLock { try $0.take()?.close() }
        }
    }

    /// Empties the log, in which overwritten pages may still be read.
    ///
    /// Tries for a few seconds, a moment at a time, because it needs the store to itself. The writing connection pauses
    /// meanwhile: while it writes, SQLite would only copy, and of that it says nothing. What can't be done now is done by a
    /// later call, at the latest when the store is closed.
    ///
    /// - Returns: whether the log is empty.
    func empty(pausing pool: DatabasePool) throws -> Bool {
        for attempt in 1...Self.tries {
            if attempt > 1 { BusyWait.pause(microseconds: 200_000) }
            let isEmpty = try queue.sync {
                let other = try connection()
                return pool.writeWithoutTransaction { _ in
                    other.inDatabase {
                        sqlite3_wal_checkpoint_v2($0.sqliteConnection, "main", SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
                            == SQLITE_OK
                    }
                }
            }
            if isEmpty { return true }
        }
        return false
    }

    private func copy() {
        // Without the other connection everything is the writing one's part.
        if let other = try? connection() { other.inDatabase { Self.copy(by: $0) } }
        state.withLock { $0.stage = .copied }
    }

    private func connection() throws -> DatabaseQueue {
        try other.withLock { other in
            if let other { return other }
            var configuration = Configuration()
            configuration.busyMode = .timeout(0.05)
            let opened = try DatabaseQueue(path: path, configuration: configuration)
            other = opened
            return opened
        }
    }

    /// What can't be copied now stays in the log: what readers still need, everything while another process copies, and what
    /// the disk has no room for, of which commits tell.
    private static func copy(by db: Database) {
        sqlite3_wal_checkpoint_v2(db.sqliteConnection, "main", SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    }
}
