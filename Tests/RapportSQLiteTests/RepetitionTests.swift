import GRDB
import RapportCore
import RapportLog
import Testing

@testable import RapportSQLite
@testable import RapportStoreConformance

@Suite("Repetitions")
struct RepetitionTests {
    /// A store that knows few keys by heart, so that it moves them all the time.
    static func open(_ folder: ScratchFolder, limit: Int = 16) async throws -> SQLiteStore {
        try await SQLiteStore.open(path: folder.path(), options: SQLiteStore.Options(recentRepetitions: limit))
    }

    static func key(_ number: Int, window: Int64? = nil) -> RepetitionKey {
        // Multiplied, so that the keys begin with every byte; the first half alone does not tell two keys apart.
        RepetitionKey(high: UInt64(number / 2) &* 0x9E37_79B9_7F4A_7C15, low: UInt64(number), windowSeconds: window)
    }

    /// Commits events with these keys together and says which of them are repetitions of which row.
    static func commit(
        _ store: SQLiteStore, _ keys: [RepetitionKey], at: Timestamp = Stage.start
    ) async throws -> [IntakeOutcome] {
        try await store.commit(
            keys.map { IntakeItem(key: $0) }, query: IntakeQuery(recordedAt: at, campaignsSince: at)
        ) { new, facts in
            new.map { _ in IntakeDecision(interactions: [Stage.row(facts.takePosition(), at: at)]) }
        }
    }

    @Test(
        "are known by heart, with the last rows of timelines, when a hub takes its place, before an event waits for them"
    )
    func prepared() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var store = try await Self.open(folder, limit: 100)
        _ = try await Self.commit(store, (0..<50).map { Self.key($0) })
        try await store.close()
        store = try await Self.open(folder, limit: 100)
        #expect(store.repetitions.count == 0)
        _ = try await store.register(host: "here", process: 1, at: Stage.start)
        #expect(store.repetitions.count == 50)
        #expect(store.recentRows.count == 50)
        try await store.close()
    }

    static func count(_ store: SQLiteStore, _ sql: String) async throws -> Int64 {
        try await store.read("counting") { try $0.db.number(sql) }
    }

    /// How many keys are not known by heart any more.
    static func moved(_ store: SQLiteStore) async throws -> Int64 {
        try await count(store, "SELECT sum(length(keys)) / 24 FROM repetition_page")
    }

    @Test("are found wherever their key is by now, and after the store was opened again")
    func found() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var store = try await Self.open(folder)
        for start in stride(from: 0, to: 3_000, by: 3) {
            let outcomes = try await Self.commit(store, (start..<start + 3).map { Self.key($0) })
            #expect(outcomes.allSatisfy { !$0.isRepetition })
        }
        #expect((1...16).contains(store.repetitions.count))
        for _ in 0..<2 {
            for start in stride(from: 0, to: 3_000, by: 500) {
                let outcomes = try await Self.commit(store, (start..<start + 500).map { Self.key($0) })
                #expect(outcomes.allSatisfy { $0.isRepetition })
                #expect(outcomes.map { $0.interaction.number } == (start..<start + 500).map { Int64($0 + 1) })
            }
            try await store.close()
            store = try await Self.open(folder)
        }
        #expect(try await Self.moved(store) > 2_000)
        // Of a thousand lines those of two rounds may be left, and a round is as many lines as there are shards.
        #expect(try await Self.count(store, "SELECT count(*) FROM recent_repetition") <= 2 * 256)
        try await store.close()
    }

    @Test("are moved as fast as they come, in however large batches")
    func batches() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await Self.open(folder)
        for start in stride(from: 0, to: 4_000, by: 500) {
            _ = try await Self.commit(store, (start..<start + 500).map { Self.key($0) })
            // What came last may be all that is left.
            #expect(store.repetitions.count <= 500)
        }
        for start in stride(from: 0, to: 4_000, by: 500) {
            let outcomes = try await Self.commit(store, (start..<start + 500).map { Self.key($0) })
            #expect(outcomes.allSatisfy { $0.isRepetition })
        }
        try await store.close()
    }

    @Test("are known by heart again after a start, but for those that were moved")
    func restarted() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var store = try await Self.open(folder)
        // Two rounds through the shards and a half.
        for number in 0..<640 { _ = try await Self.commit(store, [Self.key(number)]) }
        let moved = try await Self.moved(store)
        #expect(store.repetitions.count + Int(moved) == 640)
        try await store.close()
        store = try await Self.open(folder)
        #expect(try await Self.commit(store, [Self.key(1)])[0].isRepetition)
        // What a round moved of its own lines is known once more: about half of a round.
        let again = store.repetitions.count + Int(moved) - 640
        #expect((1..<192).contains(again))
        try await store.close()
    }

    @Test("of a key that counts within a window are those of its latest row")
    func windows() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await Self.open(folder, limit: 1)
        let key = Self.key(0, window: 60)
        for hour in 0..<5 {
            let at = Stage.start.adding(seconds: Int64(hour) * 3600)
            let first = try await Self.commit(store, [key], at: at)[0]
            #expect(!first.isRepetition)
            // Another round through all shards.
            for number in 0..<300 { _ = try await Self.commit(store, [Self.key(1_000 + hour * 300 + number)], at: at) }
            let second = try await Self.commit(store, [key], at: at.adding(seconds: 59))[0]
            #expect(second.isRepetition && second.interaction == first.interaction)
        }
        try await store.close()
    }

    @Test("are found across processes, whoever moves the keys")
    func twoProcesses() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let (one, other) = (try await Self.open(folder, limit: 4), try await Self.open(folder, limit: 64))
        _ = try await Self.commit(one, [Self.key(0, window: 60)])
        _ = try await Self.commit(other, [Self.key(1)])
        // The other goes on until nothing is left of the lines that the first one knows, and the key has another row.
        let later = Stage.start.adding(seconds: 3600)
        let again = try await Self.commit(other, [Self.key(0, window: 60)], at: later)[0]
        #expect(!again.isRepetition)
        for number in 2..<2_000 { _ = try await Self.commit(other, [Self.key(number)], at: later) }
        #expect(try await Self.count(other, "SELECT min(position) FROM recent_repetition") > again.interaction.number)
        let third = try await Self.commit(one, [Self.key(0, window: 60)], at: later.adding(seconds: 30))[0]
        #expect(third.isRepetition && third.interaction == again.interaction)
        for number in 1..<2_000 {
            let outcome = try await Self.commit(number.isMultiple(of: 2) ? one : other, [Self.key(number)], at: later)
            #expect(outcome[0].isRepetition)
        }
        try await one.close()
        try await other.close()
    }

    @Test("are not remembered of a transaction that was lost")
    func lost() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await Self.open(folder)
        let item = IntakeItem(key: Self.key(7))
        await #expect(throws: StoreError.self) {
            try await store.commits.write("losing") { transaction in
                var writer = try IntakeWriter(
                    transaction, IntakeQuery(recordedAt: Stage.start, campaignsSince: Stage.start),
                    recent: store.repetitions)
                _ = try writer.commit([item]) { new, facts in
                    new.map { _ in IntakeDecision(interactions: [Stage.row(facts.takePosition())]) }
                }
                try transaction.db.rollback()
                throw StoreError(.full, "the disk is full")
            }
        }
        let outcome = try await Self.commit(store, [Self.key(7)])[0]
        #expect(outcome.interaction.number == 1 && !outcome.isRepetition)
        #expect(try await Self.commit(store, [Self.key(7)])[0].isRepetition)
        try await store.close()
    }
}
