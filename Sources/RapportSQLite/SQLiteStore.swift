import Foundation
import GRDB
package import RapportLog
import Synchronization

/// The embedded engine: one SQLite file that the hub and the command line open at the same time.
///
/// Write-ahead log, `synchronous=FULL`, one writing connection, several reading ones. Writers share transactions
/// (`GroupCommit`); nothing is remembered between transactions that another process could change.
package final class SQLiteStore: Sendable {
    package struct Options: Sendable {
        /// How long to wait for another process that holds the lock.
        package var busyMilliseconds: Int
        /// Connections that read at the same time.
        package var readers: Int
        /// How many writers may wait before new ones are told that the store is busy.
        package var maximumWaitingWriters: Int
        /// About how many rows one transaction takes.
        package var maximumGroupWeight: Int
        /// About how many repetition keys are known by heart before they are moved to the pages of all.
        package var recentRepetitions: Int
        /// After how many rows of the log it is written down which row is each customer's last.
        package var recentRows: Int
        /// For how many customers with a small commit, until all are written down.
        package var recentRowsPart: Int
        /// Of how many pages on the write-ahead log is copied into the file.
        package var longLog: Int
        /// The key of the hashes that stand in for erased addresses; `nil`: the one in the file.
        package var erasureKey: [UInt8]?
        /// Whether a store may be made or brought to the latest schema; otherwise an older one is refused.
        package var mayMigrate: Bool

        package init(
            busyMilliseconds: Int = 10_000, readers: Int = 4, maximumWaitingWriters: Int = 1_024,
            maximumGroupWeight: Int = 4_096, recentRepetitions: Int = 262_144, recentRows: Int = 16_384,
            recentRowsPart: Int = 256, longLog: Int = 4_096, erasureKey: [UInt8]? = nil, mayMigrate: Bool = true
        ) {
            self.busyMilliseconds = busyMilliseconds
            self.readers = readers
            self.maximumWaitingWriters = maximumWaitingWriters
            self.maximumGroupWeight = maximumGroupWeight
            self.recentRepetitions = recentRepetitions
            self.recentRows = recentRows
            self.recentRowsPart = recentRowsPart
            self.longLog = longLog
            self.erasureKey = erasureKey
            self.mayMigrate = mayMigrate
        }
    }

    let path: String
    let pool: DatabasePool
    let checkpointer: Checkpointer
    let commits: GroupCommit
    let pseudonyms: Pseudonyms
    let changes = FactsChanges()
    let repetitions: RecentRepetitions
    let recentRows: RecentRows
    let dataVersion: DataVersion
    private let words = Words()
    private let isClosed = Mutex(false)

    private init(
        path: String, pool: DatabasePool, checkpointer: Checkpointer, dataVersion: DataVersion,
        pseudonyms: Pseudonyms, options: Options
    ) {
        self.path = path
        self.pool = pool
        self.checkpointer = checkpointer
        self.dataVersion = dataVersion
        self.pseudonyms = pseudonyms
        repetitions = RecentRepetitions(limit: options.recentRepetitions)
        recentRows = RecentRows(limit: options.recentRows, part: options.recentRowsPart)
        commits = GroupCommit(
            pool: pool, checkpointer: checkpointer, pseudonyms: pseudonyms, changes: changes, repetitions: repetitions,
            recentRows: recentRows,
            maximumWaiting: options.maximumWaitingWriters, maximumWeight: options.maximumGroupWeight)
    }

    /// Opens a store, makes it when there is none, and brings it to the latest schema.
    ///
    /// The folder must exist. A new file can be read by its owner only. With `mayMigrate` off an older file is refused
    /// with `.olderVersion`. A file of a newer version is refused with `.newerVersion` and left as it is; one of
    /// another program, or no database at all, with `.corrupt`.
    package static func open(path: String, options: Options = Options()) async throws(StoreError) -> SQLiteStore {
        try await OwnThread.run("opening") { try connect(path: path, options: options) }
    }

    private static func connect(path: String, options: Options) throws -> SQLiteStore {
        SQLiteLibrary.configure()
        var configuration = Configuration()
        configuration.label = "store"
        configuration.maximumReaderCount = options.readers
        configuration.busyMode = .callback(BusyWait.handler(milliseconds: options.busyMilliseconds))
        configuration.prepareDatabase { db in
            try Schema.check(db)
            let cacheKibibytes = PageCache.kibibytes(
                isReadonly: db.configuration.readonly, pages: try db.number("PRAGMA page_count"))
            try db.execute(
                sql: "PRAGMA cache_size = -\(cacheKibibytes); PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF")
        }
        PrivateFile.make(path)
        let pool = try BusyWait.repeating(milliseconds: options.busyMilliseconds) {
            try DatabasePool(path: path, configuration: configuration)
        }
        let checkpointer = Checkpointer(path: path, limit: options.longLog)
        let key = try pool.writeWithoutTransaction { db in
            // After the write-ahead log was set up, because that resets it.
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
            // What is removed is overwritten, because a later erasure would not find it. Not every SQLite does so by itself.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            checkpointer.watch(db)
            if options.mayMigrate { try Schema.migrate(db) } else { try Schema.requireLatest(db) }
            return try Data.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'erasure-key'")
        }
        guard let key = options.erasureKey ?? key.map(Array.init) else {
            throw StoreError(.corrupt, "opening: the key of erased addresses is missing")
        }
        return SQLiteStore(
            path: path, pool: pool, checkpointer: checkpointer, dataVersion: DataVersion(path: path),
            pseudonyms: Pseudonyms(key: key), options: options)
    }

    /// Reads from one consistent snapshot, beside writers and other readers.
    func read<T: Sendable>(
        _ action: String, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws(StoreError) -> T {
        guard !isClosed.withLock({ $0 }) else { throw StoreError(.closed, "\(action): the store is closed") }
        let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
            pool.asyncRead { [words, pseudonyms, recentRows] db in
                continuation.resume(
                    returning: Result {
                        try body(
                            Transaction(
                                db: try db.get(), words: words, pseudonyms: pseudonyms, recentRows: recentRows))
                    }.mapError { StoreError($0, doing: action) })
            }
        }
        return try result.get()
    }

    /// Refuses new calls from now on.
    ///
    /// - Returns: false when it had been closed already.
    func beginClosing() -> Bool {
        commits.close()
        return isClosed.withLock { closed in
            defer { closed = true }
            return !closed
        }
    }
}
