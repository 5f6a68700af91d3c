import GRDB

/// Finds rows by 128 bits of a hash: repetitions of events, dispatches by the provider's message
/// id, single messages by their key.
struct HashIndex {
    enum Space: Int64 {
        case repetition = 1
        case providerMessage = 2
        case singleMessage = 3
    }

    let db: Database
    let space: Space

    func find(_ hash: Hash128) throws -> Int64? {
        try db.first(
            "SELECT value FROM hash_key WHERE space = ? AND high = ? AND low = ?",
            [space.rawValue, hash.high, hash.low]
        ) { $0[0] as Int64 }
    }

    /// What each of these leads to, where it does.
    func find(_ hashes: [Hash128]) throws -> [Hash128: Int64] {
        var found: [Hash128: Int64] = [:]
        let wanted = Set(hashes)
        try db.each(
            """
            SELECT h.high, h.low, h.value FROM json_each(?) j CROSS JOIN hash_key h ON h.space = ? AND h.high = j.value
            """, [Bound.list(hashes.lazy.map(\.high)), space.rawValue]
        ) { row in
            let hash = Hash128(high: row[0], low: row[1])
            if wanted.contains(hash) { found[hash] = row[2] }
        }
        return found
    }

    /// All of which the first byte is this one.
    func hashes(inShard shard: Int) throws -> [Hash128] {
        let first = Int64(bitPattern: UInt64(shard) << 56)
        return try db.list(
            "SELECT high, low FROM hash_key WHERE space = ? AND high BETWEEN ? AND ?",
            [space.rawValue, first, first | 0x00FF_FFFF_FFFF_FFFF]
        ) { Hash128(high: $0[0], low: $0[1]) }
    }

    /// Leads from `hash` to `value` from now on.
    func set(_ hash: Hash128, _ value: Int64) throws {
        try db.run(
            "INSERT INTO hash_key VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            [space.rawValue, hash.high, hash.low, value])
    }
}
