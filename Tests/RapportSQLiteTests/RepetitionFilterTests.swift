import Foundation
import GRDB
import RapportLog
import Testing

@testable import RapportSQLite
@testable import RapportStoreConformance

@Suite("Filters of repetitions")
struct RepetitionFilterTests {
    private static func hashes(_ numbers: Range<Int>) -> [Hash128] { numbers.map { Hash128("\($0)") } }

    /// Commits so many events, a few hundred at a time, and says how many of them were repetitions.
    private static func commit(_ store: SQLiteStore, _ numbers: Range<Int>) async throws -> Int {
        var repetitions = 0
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 500) {
            let keys = (start..<min(start + 500, numbers.upperBound)).map { RepetitionTests.key($0) }
            repetitions += try await RepetitionTests.commit(store, keys).count { $0.isRepetition }
        }
        return repetitions
    }

    @Test(
        "deny no key that they were told of, and nearly all others, while they are large enough",
        arguments: [1, 40, 20_000])
    func denial(size: Int) {
        var filter = RepetitionFilter(Self.hashes(0..<size))
        var count = size
        while !filter.isTooSmall(forMore: size / 10 + 1) {
            filter.insert(Self.hashes(count..<count + size / 10 + 1))
            count += size / 10 + 1
        }
        #expect(filter.count == count && count >= size * 3 / 2)
        #expect(Self.hashes(0..<count).allSatisfy(filter.mayContain))
        #expect(Self.hashes(count..<count + 20_000).count(where: filter.mayContain) < 1_000)
        #expect(RepetitionFilter(count: filter.count, data: filter.data) == filter)
    }

    @Test("are bounded, and admit every key in the end")
    func bound() {
        var filter = RepetitionFilter(Self.hashes(0..<150_000))
        #expect(filter.data.count == RepetitionFilter.maximumWords * 8)
        filter.insert(Self.hashes(150_000..<300_000))
        #expect(!filter.isTooSmall(forMore: 1_000_000))
        #expect(Self.hashes(0..<300_000).allSatisfy(filter.mayContain))
    }

    @Test("keep the pages of all keys from being searched")
    func denied() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await RepetitionTests.open(folder)
        #expect(try await Self.commit(store, 0..<5_000) == 0)
        // Put there behind the back of the filters, and so not found.
        try await store.commits.write("changing") { transaction in
            for number in 9_000..<9_100 {
                let entry = RepetitionEntry(position: 1, key: RepetitionTests.key(number).hash)
                try RepetitionPages(db: transaction.db).add([entry], toShard: entry.key.shard)
            }
        }
        #expect(try await Self.commit(store, 9_000..<9_100) <= 10)
        try await store.close()
    }

    @Test("of two processes know of the keys of both")
    func twoProcesses() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let one = try await RepetitionTests.open(folder, limit: 200)
        let other = try await RepetitionTests.open(folder)
        // In turns, and then so much by one that nothing is left of the lines that the other has read.
        for start in stride(from: 0, to: 1_200, by: 6) {
            #expect(try await Self.commit(start.isMultiple(of: 4) ? one : other, start..<start + 6) == 0)
        }
        #expect(try await Self.commit(other, 1_200..<6_000) == 0)
        #expect(try await Self.commit(one, 0..<6_000) == 6_000)
        try await one.close()
        try await other.close()
        let third = try await RepetitionTests.open(folder)
        #expect(try await Self.commit(third, 0..<6_000) == 6_000)
        try await third.close()
    }

    @Test("are made where an older program has left none, and grow with the pages")
    func growth() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var store = try await RepetitionTests.open(folder)
        #expect(try await Self.commit(store, 0..<5_000) == 0)
        try await store.commits.write("changing") { try $0.db.run("DELETE FROM repetition_filter") }
        try await store.close()
        store = try await RepetitionTests.open(folder)
        #expect(try await Self.commit(store, 0..<5_000) == 5_000)
        #expect(try await Self.commit(store, 5_000..<20_000) == 0)
        let filters = try await store.read("reading") { transaction in
            try transaction.db.list("SELECT keys, length(bits) * 8 FROM repetition_filter") {
                (keys: $0[0] as Int, bits: $0[1] as Int)
            }
        }
        let moved = try await RepetitionTests.moved(store)
        #expect(filters.count == RepetitionProgress.shards)
        #expect(filters.reduce(0) { $0 + $1.keys } == Int(moved))
        #expect(filters.allSatisfy { $0.keys * 10 <= $0.bits })
        #expect(try await Self.commit(store, 0..<20_000) == 20_000)
        try await store.close()
    }
}
