import Foundation
import RapportCore
import RapportLog
import Testing

@testable import RapportSQLite
@testable import RapportStoreConformance

/// What is left of a store when its process or its machine dies: the file, and the write-ahead log up to some byte.
@Suite("A store that was cut off")
struct CutOffTests {
    /// How far the write-ahead log had come with a commit.
    private struct Commit {
        var events: Int
        var bytes: Int
    }

    /// Knows little by heart, so that keys are moved and last rows are written down with nearly every commit; its write-ahead
    /// log is never copied, so that it holds all commits.
    private static func open(_ folder: ScratchFolder, _ name: String = "rapport.db") async throws -> SQLiteStore {
        try await SQLiteStore.open(
            path: folder.path(name),
            options: .init(recentRepetitions: 64, recentRows: 20, recentRowsPart: 2, longLog: 1 << 20))
    }

    private static func logSize(_ folder: ScratchFolder) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: folder.path("rapport.db-wal"))[.size] as? Int)
    }

    /// Whose an event is. Forty customers, some more often than others.
    private static func customer(_ event: Int) -> CustomerID { CustomerID(Int64(1 + event * event % 97 % 40)) }

    /// Commits events together and says which of them were there before, and where.
    private static func commit(_ events: Range<Int>, to store: SQLiteStore) async throws -> [IntakeOutcome] {
        try await store.commit(
            events.map { IntakeItem(key: RepetitionTests.key($0)) },
            query: IntakeQuery(recordedAt: Stage.start, campaignsSince: Stage.start)
        ) { new, facts in
            new.map { index in
                let customer = customer(events.lowerBound + index)
                return IntakeDecision(interactions: [
                    Stage.row(facts.takePosition(), customer: customer, effects: [.customerCreated(customer)])
                ])
            }
        }
    }

    /// Has exactly these events, each once and in its customer's timeline.
    private static func check(_ store: SQLiteStore, has events: Int) async throws {
        #expect(try await store.lastPosition() == Int64(events))
        let outcomes = try await commit(0..<events, to: store)
        #expect(outcomes.allSatisfy { $0.isRepetition })
        #expect(outcomes.map(\.interaction.number) == (0..<events).map { Int64($0 + 1) })
        let timelines = Dictionary(grouping: 0..<events, by: customer)
        for (customer, events) in timelines {
            let page = try await store.timeline(of: customer, before: nil, limit: 1_000, including: [])
            #expect(page.map(\.id.number) == events.reversed().map { Int64($0 + 1) })
        }
        #expect(try await store.verifyProjections { _, _ in }.isEmpty)
    }

    @Test("anywhere has what the last whole commit left, and takes what comes again where it belongs")
    func anywhere() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await Self.open(folder)
        var commits = [Commit(events: 0, bytes: try Self.logSize(folder))]
        var events = 0
        for index in 0..<160 {
            let count = 1 + index * 7 % 19
            #expect(try await Self.commit(events..<events + count, to: store).allSatisfy { !$0.isRepetition })
            events += count
            commits.append(Commit(events: events, bytes: try Self.logSize(folder)))
        }
        let file = try Data(contentsOf: folder.url.appending(path: "rapport.db"))
        let log = try Data(contentsOf: folder.url.appending(path: "rapport.db-wal"))
        #expect(log.count == commits.last?.bytes)
        #expect(try await RepetitionTests.moved(store) > 1_000)
        try await store.close()

        for index in stride(from: 0, to: commits.count - 1, by: 17) {
            let (whole, next) = (commits[index], commits[index + 1])
            // After the commit, amid the next, and before the last byte of that one.
            for bytes in [whole.bytes, (whole.bytes + next.bytes) / 2, next.bytes - 1] {
                try file.write(to: folder.url.appending(path: "cut.db"))
                try log.prefix(bytes).write(to: folder.url.appending(path: "cut.db-wal"))
                let cut = try await Self.open(folder, "cut.db")
                try await Self.check(cut, has: whole.events)
                // What was not acknowledged is sent again.
                _ = try await Self.commit(0..<next.events, to: cut)
                _ = try await Self.commit(next.events..<next.events + 50, to: cut)
                try await Self.check(cut, has: next.events + 50)
                try await cut.close()
            }
        }
    }
}
