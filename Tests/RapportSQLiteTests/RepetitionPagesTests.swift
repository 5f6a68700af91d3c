import GRDB
import Testing

@testable import RapportSQLite

@Suite("Pages of repetition keys")
struct RepetitionPagesTests {
    /// A database of its own, without a hub around it.
    private static func database() throws -> DatabaseQueue {
        let database = try DatabaseQueue()
        try database.writeWithoutTransaction { try Schema.migrate($0) }
        return database
    }

    private static func rows(_ db: Database) throws -> [(first: Int64, entries: [RepetitionEntry])] {
        try db.list("SELECT first, keys FROM repetition_page ORDER BY first") {
            (first: $0[0], entries: RepetitionEntry.decode($0[1]))
        }
    }

    /// Keys of one shard, each first half of `spread` of them.
    private static func entries(
        _ numbers: some Sequence<Int>, inShard shard: Int, spread: Int = 1, moved position: Int64 = 0
    ) -> [RepetitionEntry] {
        numbers.map { number in
            let mixed = UInt64(number / spread) &* 0x9E37_79B9_7F4A_7C15
            let key = Hash128(
                high: Int64(bitPattern: UInt64(shard) << 56 | mixed >> 8), low: Int64(number % spread))
            return RepetitionEntry(position: position + Int64(number), key: key)
        }.sorted { $0.key < $1.key }
    }

    @Test(
        "have every key in order, in rows of a page of the file at most, whatever is added in which portions",
        arguments: [1, 7, 1_000, 4_000])
    func portions(size: Int) throws {
        try Self.database().write { db in
            let pages = RepetitionPages(db: db)
            let total = size < 10 ? 700 : 4_000
            for shard in [0, 127, 128, 255] {
                for start in stride(from: 0, to: total, by: size) {
                    try pages.add(Self.entries(start..<start + size, inShard: shard), toShard: shard)
                }
            }
            let rows = try Self.rows(db)
            for (row, next) in zip(rows, rows.dropFirst().map(\.first) + [.max]) {
                #expect(row.entries.count <= RepetitionPages.capacity)
                #expect(zip(row.entries, row.entries.dropFirst()).allSatisfy { $0.key < $1.key })
                #expect(row.entries.allSatisfy { $0.key.high >= row.first && $0.key.high < next })
            }
            for shard in [0, 127, 128, 255] {
                let all = Self.entries(0..<total, inShard: shard)
                #expect(try pages.keys(ofShard: shard) == all.map(\.key))
                #expect(
                    try pages.find(all.map(\.key))
                        == Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0.position) }))
                let others = Self.entries(total..<total + 100, inShard: shard)
                #expect(try pages.find(others.map(\.key)) == [:])
            }
            #expect(try pages.keys(ofShard: 1) == [])
            #expect(try pages.find([Hash128(high: 1 << 56, low: 0), Hash128(high: .min, low: 1)]) == [:])
            // Rows that are half empty would cost twice as much to look through.
            #expect(rows.count <= 4 * total / 80)
        }
    }

    @Test("lead to the latest position of a key, which stands there once")
    func again() throws {
        try Self.database().write { db in
            let pages = RepetitionPages(db: db)
            try pages.add(Self.entries(0..<1_000, inShard: 9), toShard: 9)
            let later = Self.entries(stride(from: 0, to: 1_200, by: 3), inShard: 9, moved: 5_000)
            try pages.add(later, toShard: 9)
            #expect(try pages.keys(ofShard: 9).count == 1_000 + 66)
            for entry in later { #expect(try pages.find([entry.key]) == [entry.key: entry.position]) }
            for entry in Self.entries(0..<1_000, inShard: 9) where entry.position % 3 != 0 {
                #expect(try pages.find([entry.key]) == [entry.key: entry.position])
            }
        }
    }

    @Test("keep keys together whose first halves are the same, however many they are", arguments: [2, 400])
    func twins(spread: Int) throws {
        try Self.database().write { db in
            let pages = RepetitionPages(db: db)
            let all = Self.entries(0..<2_000, inShard: 200, spread: spread)
            for start in stride(from: 0, to: 2_000, by: 125) {
                // Taken from everywhere, so that keys come between those that are there.
                let part = all.indices.filter { $0 % 16 == start / 125 }.map { all[$0] }
                try pages.add(part, toShard: 200)
            }
            #expect(try pages.keys(ofShard: 200) == all.map(\.key))
            for entry in all { #expect(try pages.find([entry.key]) == [entry.key: entry.position]) }
            let rows = try Self.rows(db)
            #expect(rows.count >= min(2_000 / spread, 12))
        }
    }

    @Test("touch no more rows than they must")
    func few() throws {
        try Self.database().write { db in
            let pages = RepetitionPages(db: db)
            try pages.add(Self.entries(0..<20_000, inShard: 3), toShard: 3)
            let before = db.totalChangesCount
            try pages.add(Self.entries(20_000..<20_003, inShard: 3), toShard: 3)
            #expect(db.totalChangesCount - before <= 3)
        }
    }
}
