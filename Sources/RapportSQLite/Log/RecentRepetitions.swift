import GRDB
import Synchronization

/// The repetition keys of the latest events, known by heart.
///
/// Every key has a place of its own among all keys. To write it there at once would dirty a page for each event, which
/// costs as much as the event itself once there are many. So keys are appended to `recent_repetition`, a line for each
/// commit, and moved to `RepetitionPages` shard by shard: all keys that begin with the same byte, which lie together
/// there. Of each shard a filter is kept, because to look for a key among all costs a page as well.
///
/// For the writing connection alone. Other processes may append and move too: what they appended is read at the
/// beginning of each use. After a transaction was lost it must forget.
final class RecentRepetitions: Sendable {
    private struct State {
        var shards = [[Hash128: Int64]](repeating: [:], count: RepetitionProgress.shards)
        var count = 0
        /// The last line that is known.
        var lastLine: Int64 = 0
        var progress = RepetitionProgress()
        var filters = RepetitionFilters()

        mutating func learn(_ key: Hash128, _ position: Int64) {
            if shards[key.shard].updateValue(position, forKey: key) == nil { count += 1 }
        }

        /// They are in the pages.
        mutating func forget(shard: Int) {
            count -= shards[shard].count
            shards[shard] = [:]
        }
    }

    private let state = Mutex(State())
    private let limit: Int
    /// Lines that are removed with one shard: those of a round are gone within the next one, however small they are.
    private static let removedLines = 4096

    /// - Parameter limit: about how many keys are kept.
    init(limit: Int) {
        self.limit = limit
    }

    /// How many are known by heart.
    var count: Int { state.withLock { $0.count } }

    func forget() {
        state.withLock { $0 = State() }
    }

    /// Reads what is new in the file. To be called before the keys of a batch are looked for.
    func refresh(_ db: Database) throws {
        try state.withLock { state in
            let newest = try db.number("SELECT max(position) FROM recent_repetition")
            guard newest > state.lastLine else { return }
            // Lines are removed from the first on, and never the last: while one that is known is there, none is missing.
            let oldest = try db.number("SELECT min(position) FROM recent_repetition")
            if oldest > state.lastLine { state = State() }
            if state.lastLine == 0 { state.progress = try RepetitionProgress(db) }
            try db.each(
                "SELECT position, keys FROM recent_repetition WHERE position > ? ORDER BY position", [state.lastLine]
            ) { row in
                let line: Int64 = row[0]
                for entry in RepetitionEntry.decode(row[1]) where !state.progress.hasMoved(entry.key, ofLine: line) {
                    state.learn(entry.key, entry.position)
                }
                state.lastLine = line
            }
        }
    }

    /// Reads everything that the first batches would have to wait for.
    func prepare(_ db: Database) throws {
        try refresh(db)
        try state.withLock { try $0.filters.readAll(db) }
    }

    /// The position of the latest event with each key; those that are missing the pages have, or none.
    func find(_ keys: [Hash128]) -> [Hash128: Int64] {
        state.withLock { state in
            var found: [Hash128: Int64] = [:]
            for key in keys { found[key] = state.shards[key.shard][key] }
            return found
        }
    }

    /// Those of these keys that the pages may have: of most that they do not have, that is known without looking.
    func mayBeInPages(_ keys: [Hash128], _ db: Database) throws -> [Hash128] {
        try state.withLock { state in try keys.filter { try state.filters.mayHave($0, db) } }
    }

    /// Writes the keys of one commit, and moves shards when there are too many: about twice as many keys as have come, so
    /// that a batch of thousands leaves no more behind than many small ones, and none has to move all that is there.
    func append(_ entries: [RepetitionEntry], _ db: Database) throws {
        guard let last = entries.last else { return }
        try state.withLock { state in
            try db.run(
                "INSERT INTO recent_repetition (position, keys) VALUES (?, ?)",
                [last.position, RepetitionEntry.encode(entries)])
            var progress = state.progress
            var full: [(shard: Int, filter: RepetitionFilter?)] = []
            var moved = 0
            while state.count - moved + entries.count > limit, moved < 2 * entries.count,
                full.count < RepetitionProgress.shards
            {
                let shard = progress.shard
                let known = state.shards[shard].map { RepetitionEntry(position: $1, key: $0) }
                    .sorted { $0.key < $1.key }
                try RepetitionPages(db: db).add(known, toShard: shard)
                full.append((shard, try state.filters.add(known.map(\.key), toShard: shard, db)))
                moved += known.count
                progress.advance(lastLine: state.lastLine)
            }
            if !full.isEmpty {
                try progress.write(db)
                try removeLines(to: progress.moved, limit: Self.removedLines * full.count, db)
            }
            // Nothing can fail from here on.
            for (shard, filter) in full {
                state.forget(shard: shard)
                if let filter { state.filters.set(filter, ofShard: shard) }
            }
            state.progress = progress
            for entry in entries { state.learn(entry.key, entry.position) }
            state.lastLine = last.position
        }
    }

    /// Removes lines of which every key is in the pages.
    private func removeLines(to moved: Int64, limit: Int, _ db: Database) throws {
        try db.run(
            """
            DELETE FROM recent_repetition
            WHERE position IN (SELECT position FROM recent_repetition WHERE position <= ? ORDER BY position LIMIT ?)
            """, [moved, limit])
    }
}
