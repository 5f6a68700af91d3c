import GRDB

/// The repetition keys that are not known by heart any more, in order, a hundred or so in each row.
///
/// Keys are moved here by the thousand, those that begin alike at once, so that several of them belong into each row that
/// is written. A row of its own for every key would be searched for and changed one by one, which costs several times as
/// much. A row has keys of one shard; the first row of a shard stands under the shard's first possible key.
struct RepetitionPages {
    let db: Database

    /// More than that are divided. So many fit into a page of the file, which holds 4061 bytes of a row.
    static let capacity = 160
    /// So many each are left by dividing, as nearly as may be.
    private static let comfort = 120

    /// One row, and the first key that does not belong to it.
    private struct Page {
        var first: Int64
        var entries: [RepetitionEntry] = []
        var end: Int64?
    }

    /// What each of these leads to, where it does.
    func find(_ keys: [Hash128]) throws -> [Hash128: Int64] {
        var found: [Hash128: Int64] = [:]
        for key in keys {
            found[key] =
                try db.first(
                    "SELECT keys FROM repetition_page WHERE first BETWEEN ? AND ? ORDER BY first DESC LIMIT 1",
                    [Self.bounds(ofShard: key.shard).lowerBound, key.high]
                ) { RepetitionEntry.position(of: key, inOrdered: $0[0]) } ?? nil
        }
        return found
    }

    /// All of one shard, in order.
    func keys(ofShard shard: Int) throws -> [Hash128] {
        let bounds = Self.bounds(ofShard: shard)
        var keys: [Hash128] = []
        try db.each(
            "SELECT keys FROM repetition_page WHERE first BETWEEN ? AND ? ORDER BY first",
            [bounds.lowerBound, bounds.upperBound]
        ) { keys.append(contentsOf: RepetitionEntry.decode($0[0]).lazy.map(\.key)) }
        return keys
    }

    /// From now on these keys of one shard lead to these positions.
    ///
    /// - Parameter new: in the order of the keys, each of them once.
    func add(_ new: [RepetitionEntry], toShard shard: Int) throws {
        let bounds = Self.bounds(ofShard: shard)
        var rest = new[...]
        while let next = rest.first {
            let page = try page(of: next.key.high, in: bounds)
            let end = page.end.flatMap { end in rest.firstIndex { $0.key.high >= end } } ?? rest.endIndex
            try write(Self.merged(page.entries, rest[..<end]), from: page.first)
            rest = rest[end...]
        }
    }

    private func page(of high: Int64, in bounds: ClosedRange<Int64>) throws -> Page {
        try db.first(
            """
            SELECT p.first, p.keys, (SELECT min(n.first) FROM repetition_page n WHERE n.first > p.first AND n.first <= ?)
            FROM repetition_page p WHERE p.first BETWEEN ? AND ? ORDER BY p.first DESC LIMIT 1
            """, [bounds.upperBound, bounds.lowerBound, high]
        ) { Page(first: $0[0], entries: RepetitionEntry.decode($0[1]), end: $0[2]) } ?? Page(first: bounds.lowerBound)
    }

    /// Writes the row that begins here, and further ones behind it when there are too many keys for one.
    private func write(_ entries: [RepetitionEntry], from first: Int64) throws {
        var first = first
        var rest = entries[...]
        var pages = entries.count > Self.capacity ? (entries.count + Self.comfort - 1) / Self.comfort : 1
        while !rest.isEmpty {
            var end = rest.startIndex + (rest.count + pages - 1) / pages
            // Rows are found by the first halves of keys alone, so that those who share one stay together.
            while end < rest.endIndex, rest[end].key.high == rest[end - 1].key.high { end += 1 }
            try db.run(
                "INSERT OR REPLACE INTO repetition_page VALUES (?, ?)",
                [first, RepetitionEntry.encode(rest[..<end])])
            rest = rest[end...]
            first = rest.first?.key.high ?? first
            pages = max(pages - 1, 1)
        }
    }

    private static func merged(
        _ old: [RepetitionEntry], _ new: ArraySlice<RepetitionEntry>
    ) -> [RepetitionEntry] {
        var merged: [RepetitionEntry] = []
        merged.reserveCapacity(old.count + new.count)
        var old = old[...]
        for entry in new {
            while let first = old.first, first.key < entry.key {
                merged.append(first)
                old.removeFirst()
            }
            if old.first?.key == entry.key { old.removeFirst() }
            merged.append(entry)
        }
        return merged + old
    }

    private static func bounds(ofShard shard: Int) -> ClosedRange<Int64> {
        let first = Int64(bitPattern: UInt64(shard) << 56)
        return first...(first | 0x00FF_FFFF_FFFF_FFFF)
    }

    /// Brings here what versions before the ninth had in a row for each key.
    static func migrate(_ db: Database) throws {
        for shard in 0..<RepetitionProgress.shards {
            let bounds = bounds(ofShard: shard)
            let keys = try db.list(
                "SELECT high, low, value FROM hash_key WHERE space = 1 AND high BETWEEN ? AND ? ORDER BY high, low",
                [bounds.lowerBound, bounds.upperBound]
            ) { RepetitionEntry(position: $0[2], key: Hash128(high: $0[0], low: $0[1])) }
            try RepetitionPages(db: db).add(keys, toShard: shard)
        }
        try db.run("DROP TABLE hash_key")
    }
}
