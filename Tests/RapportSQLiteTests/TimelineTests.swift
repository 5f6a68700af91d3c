import GRDB
import RapportCore
import RapportLog
import Testing

@testable import RapportSQLite
@testable import RapportStoreConformance

@Suite("Timelines")
struct TimelineTests {
    /// A store that writes down each customer's last row after few rows, so that it does it all the time.
    private static func open(_ folder: ScratchFolder, limit: Int = 5, part: Int = 256) async throws -> SQLiteStore {
        try await SQLiteStore.open(
            path: folder.path(), options: SQLiteStore.Options(recentRows: limit, recentRowsPart: part))
    }

    /// Whose the rows are, in the order of the log. Seven customers take turns, some more often; 0 is nobody.
    private static func customer(_ row: Int) -> Int64 { Int64(row * row % 11 % 7) }

    private static func append(
        _ store: SQLiteStore, _ rows: Range<Int>, of customer: @escaping @Sendable (Int) -> Int64 = customer
    ) async throws {
        _ = try await store.commit(
            rows.map { _ in IntakeItem(key: nil) },
            query: IntakeQuery(recordedAt: Stage.start, campaignsSince: Stage.start)
        ) { new, facts in
            new.map { index in
                let number = customer(rows.lowerBound + index)
                let position = facts.takePosition()
                let id = number == 0 ? nil : CustomerID(number)
                return IntakeDecision(interactions: [
                    Stage.row(position, customer: id, effects: id.map { [.customerCreated($0)] } ?? [])
                ])
            }
        }
    }

    /// What the log says of every customer, by reading all of it.
    private static func expected(_ rows: Int) -> [Int64: [Int64]] {
        var expected: [Int64: [Int64]] = [:]
        for row in 1...rows { expected[customer(row - 1), default: []].insert(Int64(row), at: 0) }
        return expected
    }

    private static func lasts(_ transaction: Transaction, of customers: [Int64]) throws -> [Int64] {
        try LastRows(transaction).positions(of: customers).sorted()
    }

    private static func check(_ store: SQLiteStore, rows: Int) async throws {
        let expected = expected(rows)
        for (customer, positions) in expected where customer > 0 {
            let page = try await store.timeline(
                of: CustomerID(customer), before: nil, limit: 1_000, including: [])
            #expect(page.map(\.id.number) == positions)
        }
        let lasts = try await store.read("reading") { try Self.lasts($0, of: Array(0...7)) }
        #expect(lasts == expected.values.compactMap(\.first).sorted())
    }

    private static func written(_ store: SQLiteStore) async throws -> [Int64: Int64] {
        try await store.read("reading") { transaction in
            let rows = try transaction.db.list("SELECT customer, last FROM timeline") {
                ($0[0] as Int64, $0[1] as Int64)
            }
            return Dictionary(uniqueKeysWithValues: rows)
        }
    }

    @Test("begin with the last row while last rows are written down, two with each commit, and are read by others")
    func parts() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var store = try await Self.open(folder, part: 2)
        let other = try await Self.open(folder, part: 2)
        var (rows, rounds, progress) = (0, 0, Int64(0))
        for size in [3, 8, 1, 1, 1, 1, 7, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2] {
            let before = try await Self.written(store)
            // Another process writes amid a round and finishes one of its own, and a store is opened amid another.
            if rows == 33 {
                try await store.close()
                store = try await Self.open(folder, part: 2)
            }
            try await Self.append((12..<24).contains(rows) ? other : store, rows..<rows + size)
            rows += size
            #expect(try await Self.written(store).filter { before[$0.key] != $0.value }.count <= max(2, 2 * size))
            try await Self.check(store, rows: rows)
            try await Self.check(other, rows: rows)
            let now = try await store.read("reading") { try LastRows.progress($0.db) }
            if now > progress { (rounds, progress) = (rounds + 1, now) }
        }
        #expect(rounds >= 2)
        #expect(try await store.verifyProjections { _, _ in }.isEmpty)
        try await other.close()
        try await store.close()
    }

    @Test("are written down as fast as rows come, however many customers have some in each commit")
    func pace() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await Self.open(folder, part: 2)
        for commit in 0..<40 {
            try await Self.append(store, commit * 10..<commit * 10 + 10) { Int64($0 + 1) }
            #expect(store.recentRows.count < 120)
        }
        try await store.close()
    }

    @Test("begin with the last row, however far it is written down, and after the store was opened again")
    func found() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var store = try await Self.open(folder)
        var (rows, written, writtenBefore) = (0, 0, 0)
        for size in [1, 2, 3, 1, 1, 5, 6, 20, 1, 1, 4] {
            try await Self.append(store, rows..<rows + size)
            rows += size
            try await Self.check(store, rows: rows)
            if rows - written > 5 { (writtenBefore, written) = (written, rows) }
            let progress = try await store.read("reading") { try LastRows.progress($0.db) }
            #expect(progress == Int64(written))
            #expect(store.recentRows.count == rows - writtenBefore)
        }
        for _ in 0..<3 {
            try await store.close()
            store = try await Self.open(folder)
            try await Self.check(store, rows: rows)
            try await Self.append(store, rows..<rows + 2)
            rows += 2
            try await Self.check(store, rows: rows)
        }
        #expect(try await store.verifyProjections { _, _ in }.isEmpty)
        try await store.close()
    }

    @Test("are the same across processes, whoever appends and writes down")
    func twoProcesses() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let stores = [try await Self.open(folder, limit: 3), try await Self.open(folder, limit: 40)]
        var rows = 0
        for step in 0..<60 {
            let size = 1 + step % 4
            // Now and then one of them appends so much that the other knows nothing of what is not written down.
            try await Self.append(stores[step / 7 % 2], rows..<rows + size)
            rows += size
            for store in stores { try await Self.check(store, rows: rows) }
        }
        for store in stores { try await store.close() }
    }

    @Test("are what a snapshot saw, however much has come since")
    func snapshots() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await Self.open(folder)
        try await Self.append(store, 0..<8)
        for more in [1, 2, 3, 8, 30] {
            let rows = Int(try await store.lastPosition())
            let expected = Self.expected(rows).values.compactMap(\.first).sorted()
            let snapshot = try store.pool.makeSnapshot()
            var next = rows
            for _ in 0..<more {
                try await Self.append(store, next..<next + 1)
                next += 1
                let lasts = try await snapshot.read { db in
                    try Self.lasts(
                        Transaction(
                            db: db, words: Words(), pseudonyms: store.pseudonyms, recentRows: store.recentRows),
                        of: Array(0...7))
                }
                #expect(lasts == expected)
            }
        }
        try await store.close()
    }

    @Test("do not hold rows of a caller that failed, or of a transaction that was lost", arguments: [false, true])
    func lost(losesAll: Bool) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let (store, other) = (try await Self.open(folder), try await Self.open(folder))
        try await Self.append(store, 0..<4)
        // More than enough to be written down, and fewer than that.
        for count in [20, 2, 3] {
            let rows = Int(try await store.lastPosition())
            await #expect(throws: StoreError.self) {
                try await store.commits.write("losing") { transaction in
                    var log = try LogAppender(transaction)
                    for position in rows + 1...rows + count {
                        try log.append(Stage.row(Int64(position), customer: CustomerID(6)))
                    }
                    try log.finish()
                    if losesAll { try transaction.db.rollback() }
                    throw StoreError(.full, "the disk is full")
                }
            }
            try await Self.check(store, rows: rows)
            // The rows that are there in their place are somebody else's.
            try await Self.append(other, rows..<rows + count)
            try await Self.check(store, rows: rows + count)
            try await Self.append(store, rows + count..<rows + count + 2)
            try await Self.check(store, rows: rows + count + 2)
        }
        try await store.close()
        try await other.close()
    }
}
