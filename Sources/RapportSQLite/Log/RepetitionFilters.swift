import GRDB

/// The filters of all shards, each read from the file when it is first asked for.
///
/// They stay complete when another process moves keys: every key stands in a line first, which this process has read, so
/// that it moves the key as well, or denies nothing of it until then because it knows it by heart. When lines were removed
/// before it could read them, or a transaction was lost, the filters are to be thrown away with what is known by heart.
struct RepetitionFilters {
    private enum Shard {
        case unread
        /// The file has none: nothing is known of its keys.
        case missing
        case read(RepetitionFilter)
    }

    private var shards = [Shard](repeating: .unread, count: RepetitionProgress.shards)

    /// False only when the pages do not have this key.
    mutating func mayHave(_ key: Hash128, _ db: Database) throws -> Bool {
        try filter(ofShard: key.shard, db)?.mayContain(key) ?? true
    }

    mutating func readAll(_ db: Database) throws {
        for shard in shards.indices { _ = try filter(ofShard: shard, db) }
    }

    /// Writes down that the pages have got these keys of one shard.
    ///
    /// - Returns: the shard's filter, to be given to `set` when nothing can fail any more.
    mutating func add(_ keys: [Hash128], toShard shard: Int, _ db: Database) throws -> RepetitionFilter? {
        guard !keys.isEmpty else { return nil }
        let filter: RepetitionFilter
        if var known = try self.filter(ofShard: shard, db), !known.isTooSmall(forMore: keys.count) {
            known.insert(keys)
            filter = known
        } else {
            filter = RepetitionFilter(try RepetitionPages(db: db).keys(ofShard: shard))
        }
        try db.run(
            """
            INSERT INTO repetition_filter VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET keys = excluded.keys, bits = excluded.bits
            """, [shard, filter.count, filter.data])
        return filter
    }

    mutating func set(_ filter: RepetitionFilter, ofShard shard: Int) {
        shards[shard] = .read(filter)
    }

    private mutating func filter(ofShard shard: Int, _ db: Database) throws -> RepetitionFilter? {
        if case .unread = shards[shard] {
            let found = try db.first("SELECT keys, bits FROM repetition_filter WHERE shard = ?", [shard]) {
                RepetitionFilter(count: $0[0], data: $0[1])
            }
            shards[shard] = found.map { .read($0) } ?? .missing
        }
        return if case .read(let filter) = shards[shard] { filter } else { nil }
    }
}
