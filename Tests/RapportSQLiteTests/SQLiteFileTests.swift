import Foundation
import GRDB
import GRDBSQLite
import RapportCore
import RapportLog
import Synchronization
import Testing

@testable import RapportSQLite

@Suite("The SQLite file")
struct SQLiteFileTests {
    private static let now = Timestamp(seconds: 1_790_000_000)

    /// Makes a customer with an address, in one row.
    private func fill(_ store: SQLiteStore) async throws {
        let query = IntakeQuery(recordedAt: Self.now, campaignsSince: Self.now)
        _ = try await store.commit([IntakeItem(key: RepetitionKey(high: 1, low: 1))], query: query) { new, facts in
            new.compactMap { _ in
                let position = facts.takePosition()
                guard let address = Address(normalized: "mailto:ana@example.com") else { return nil }
                return IntakeDecision(interactions: [
                    Interaction(
                        id: InteractionID(position), customer: CustomerID(position), channel: .desk, adapter: "cli",
                        direction: .internal, kind: .customerImported, occurredAt: Self.now, recordedAt: Self.now,
                        effects: [
                            .customerCreated(CustomerID(position)), .addressAttached(CustomerID(position), address),
                            .profileSet(CustomerID(position), Customer.Profile(name: "Ana")),
                        ])
                ])
            }
        }
    }

    private func change(_ path: String, _ sql: String) throws {
        let database = try DatabaseQueue(path: path)
        try database.writeWithoutTransaction { try $0.execute(sql: sql) }
        try database.close()
    }

    @Test("is durable, checked and marked as ours")
    func settings() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        let writer = try await store.pool.writeWithoutTransaction { db in
            try ["synchronous", "foreign_keys"].map { try Int.fetchOne(db, sql: "PRAGMA \($0)") }
        }
        #expect(writer == [2, 1])
        try await store.close()
        let database = try DatabaseQueue(path: folder.path())
        let found = try await database.read { db in
            try ["journal_mode", "application_id", "user_version"].map { try String.fetchOne(db, sql: "PRAGMA \($0)") }
        }
        #expect(found == ["wal", "1380995668", "\(Schema.latestVersion)"])
    }

    @Test("is written by a thread that lets those that read go first")
    func priorities() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        // Of the thread that asks; the higher, the later its turn (setpriority(2)).
        let nice = { @Sendable (_: Transaction) in getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        let writing = try await store.commits.write("asking", nice)
        #expect(try await store.read("asking", nice) < writing)
        try await store.close()
    }

    @Test("leaves no thread behind, closed or just let go", .timeLimit(.minutes(1)), arguments: [true, false])
    func thread(isClosed: Bool) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var store: SQLiteStore? = try await SQLiteStore.open(path: folder.path())
        let thread = try await store?.commits.write("asking") { _ in
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
        }
        if isClosed { try await store?.close() }
        store = nil
        let place = try #require(thread)
        while FileManager.default.fileExists(atPath: "/proc/\(place)") { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test("is closed when all who wait are served, however long that takes")
    func closing() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        // Each caller has a transaction of its own.
        let store = try await SQLiteStore.open(
            path: folder.path(), options: SQLiteStore.Options(maximumGroupWeight: 1))
        let (started, start) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup { group in
            for text in ["first", "second", "third", "fourth"] {
                group.addTask {
                    try await store.commits.write("filling") {
                        start.finish()
                        // Longer than the writing connection serves callers without letting others go first.
                        BusyWait.pause(microseconds: 150_000)
                        try $0.db.execute(sql: "INSERT INTO word (text) VALUES (?)", arguments: [text])
                    }
                }
            }
            for await _ in started {}
            // The others come while the first is served.
            BusyWait.pause(microseconds: 50_000)
            try await store.close()
            try await group.waitForAll()
        }
        let database = try DatabaseQueue(path: folder.path())
        let words = try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM word") }
        #expect(words == 4)
    }

    @Test("of the first version is brought up to date with what it counts")
    func firstVersion() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let database = try DatabaseQueue(path: folder.path())
        try await database.writeWithoutTransaction { db in
            try Schema.migrate(db, to: 1)
            // One of each state that a campaign's rows may be in: planned, claimed, handed off, skipped, accepted.
            try db.execute(
                sql: """
                    INSERT INTO word (text) VALUES ('news'), ('mail');
                    INSERT INTO address (uri) VALUES ('mailto:ana@example.com');
                    INSERT INTO customer (id, root, merged_into, erased)
                        VALUES (1, 1, NULL, 0), (2, 2, NULL, 0), (3, 3, NULL, 1), (4, 1, 1, 0), (5, 5, NULL, 0);
                    INSERT INTO campaign (name, occurrence, state, class, topic, definition, created_at)
                        VALUES ('spring', '', 1, 2, 'news', '{}', 0);
                    INSERT INTO dispatch (id, customer, campaign, class, topic, route, channel, adapter, address, due_at,
                            repeats, state, waiting, node, claimed_at, rule)
                        VALUES (1, 1, 1, 2, 1, 0, 1, 2, 1, 0, 0, 0, 1, NULL, NULL, NULL),
                            (2, 2, 1, 2, 1, 0, 1, 2, 1, 0, 0, 2, 0, 7, 5, NULL),
                            (3, 3, 1, 2, 1, 0, 1, 2, 1, 0, 0, 10, 0, 7, 5, NULL),
                            (4, 4, 1, 2, 1, 0, 1, 2, 1, 0, 0, 3, 0, NULL, NULL, 'cap'),
                            (5, 5, 1, 2, 1, 0, 1, 2, 1, 0, 0, 12, 0, NULL, 5, NULL);
                    """)
        }
        try database.close()
        let store = try await SQLiteStore.open(path: folder.path())
        let progress = try await store.progress(CampaignKey(name: "spring"), at: Self.now)
        #expect(progress.planned == 5)
        #expect(
            progress.states == [.planned: 1, .claimed: 1, .handedOff: 1, .skipped: 1, .accepted: 1])
        #expect(progress.skipped == ["cap": 1])
        #expect(try await store.status(at: Self.now).customers == 3)
        #expect(try await store.release(node: 7, at: Self.now) == 1)
        #expect(try await store.progress(CampaignKey(name: "spring"), at: Self.now).states[.planned] == 2)
        try await store.close()
    }

    @Test("of the second version is brought up to date with the conflicts that its log tells of")
    func secondVersion() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let database = try DatabaseQueue(path: folder.path())
        try await database.writeWithoutTransaction { db in
            try Schema.migrate(db, to: 2)
            // Five customers, of whom the second is part of the first and the fifth is erased, and what was noted of them.
            try db.execute(
                sql: """
                    INSERT INTO word (text) VALUES ('hub'), ('customer.imported'), ('identity.conflict'), ('customer.merged');
                    INSERT INTO interaction (position, customer, previous, channel, adapter, direction, kind, occurred_at,
                            recorded_at, attributes, effects)
                        VALUES (1, 1, 0, 6, 1, 2, 2, 0, 0, NULL, 'C1'), (2, 2, 0, 6, 1, 2, 2, 0, 0, NULL, 'C2'),
                            (3, 3, 0, 6, 1, 2, 2, 0, 0, NULL, 'C3'), (4, 4, 0, 6, 1, 2, 2, 0, 0, NULL, 'C4'),
                            (5, 5, 0, 6, 1, 2, 2, 0, 0, NULL, 'C5'),
                            (6, 3, 3, 1, 1, 2, 3, 0, 0, '{"customers":"c2,c1","interaction":"i3"}', NULL),
                            (7, 1, 1, 1, 1, 2, 3, 0, 0, '{"customers":"c2,c5","interaction":"i3"}', NULL),
                            (8, 1, 7, 1, 1, 2, 3, 0, 0, '{"customers":"c3","interaction":"i3"}', NULL),
                            (9, 5, 5, 1, 1, 2, 3, 0, 0, NULL, NULL),
                            (10, 1, 8, 6, 1, 2, 4, 0, 0, NULL, '{"merged":{"from":"c2","into":"c1"}}'),
                            (11, 5, 9, 6, 1, 2, 4, 0, 0, NULL, '{"erased":{"_0":"c5"}}');
                    INSERT INTO timeline VALUES (1, 10), (2, 2), (3, 6), (4, 4), (5, 11);
                    INSERT INTO customer (id, root, merged_into, erased)
                        VALUES (1, 1, NULL, 0), (2, 1, 1, 0), (3, 3, NULL, 0), (4, 4, NULL, 0), (5, 5, NULL, 1);
                    INSERT INTO reader VALUES ('crm', 4, 0);
                    """)
        }
        try database.close()
        let store = try await SQLiteStore.open(path: folder.path())
        let status = try await store.status(at: Self.now)
        // What the first and the second have with the third is one conflict now.
        #expect(
            status.conflicts == [
                .init(customer: CustomerID(1), other: CustomerID(3), interaction: InteractionID(8))
            ])
        #expect(status.conflictsOpen == 1)
        #expect(status.cursors.map(\.behind) == [7])
        #expect(try await store.verifyProjections { _, _ in } == [])
        let rows = try await store.interactions(after: InteractionID(5), limit: 2)
        #expect(
            rows.map(\.effects) == [
                [.identityConflicted(CustomerID(3), with: [CustomerID(2), CustomerID(1)])],
                [.identityConflicted(CustomerID(1), with: [CustomerID(2), CustomerID(5)])],
            ])
        try await store.close()
    }

    @Test("of the eighth version keeps what leads to events and dispatches")
    func eighthVersion() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let database = try DatabaseQueue(path: folder.path())
        let keys = (0..<30_000).map { RepetitionTests.key($0).hash }
        try await database.writeWithoutTransaction { db in
            try Schema.migrate(db, to: 8)
            try db.inTransaction {
                for (number, key) in keys.enumerated() {
                    try db.run("INSERT INTO hash_key VALUES (1, ?, ?, ?)", [key.high, key.low, number + 1])
                }
                try db.run("INSERT INTO hash_key VALUES (2, 7, 1, 20), (2, -7, 1, 21), (3, 7, 1, 30)")
                return .commit
            }
        }
        try database.close()
        let store = try await SQLiteStore.open(path: folder.path())
        try await store.read("reading") { transaction in
            let found = try RepetitionPages(db: transaction.db).find(keys + [RepetitionTests.key(30_000).hash])
            #expect(found == Dictionary(uniqueKeysWithValues: zip(keys, 1...)))
            let messages = DispatchKeys(db: transaction.db, space: .providerMessage)
            #expect(try messages.find(Hash128(high: 7, low: 1)) == 20)
            #expect(try messages.find(Hash128(high: -7, low: 1)) == 21)
            #expect(
                try DispatchKeys(db: transaction.db, space: .singleMessage).find(Hash128(high: 7, low: 1)) == 30)
        }
        #expect(try await RepetitionTests.moved(store) == 30_000)
        let outcomes = try await RepetitionTests.commit(store, [29_999, 30_000].map { RepetitionTests.key($0) })
        #expect(outcomes.map(\.isRepetition) == [true, false])
        try await store.close()
    }

    @Test("is not written to by a running program of the eighth version once it is of the ninth")
    func eighthVersionStillRunning() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let older = try DatabaseQueue(path: folder.path())
        let look = "SELECT value FROM hash_key WHERE space = ? AND high = ? AND low = ?"
        try await older.writeWithoutTransaction { db in
            try Schema.migrate(db, to: 8)
            #expect(try db.number(look, [1, 1, 1]) == 0)
        }
        try await SQLiteStore.open(path: folder.path()).close()
        await #expect(throws: DatabaseError.self) { try await older.write { try $0.number(look, [1, 1, 1]) } }
        try older.close()
    }

    @Test("of version 9 keeps the names of its conversations")
    func namesOfConversations() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let database = try DatabaseQueue(path: folder.path())
        try await database.writeWithoutTransaction { db in
            try Schema.migrate(db, to: 9)
            try db.execute(sql: "INSERT INTO conversation_key VALUES (-1, 2, 'm3', 3), (4, -5, 'm6', 6)")
        }
        try database.close()
        try await SQLiteStore.open(path: folder.path()).close()
        let names = try await DatabaseQueue(path: folder.path()).read {
            try String.fetchAll(
                $0, sql: "SELECT json_array(high, low, position, conversation) FROM conversation_key ORDER BY position")
        }
        #expect(names == [#"[-1,2,3,"m3"]"#, #"[4,-5,6,"m6"]"#])
    }

    @Test("of version 11 knows from its log who was one with whom, and when")
    func mergers() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let database = try DatabaseQueue(path: folder.path())
        try await database.writeWithoutTransaction { db in
            try Schema.migrate(db, to: 11)
            // The second was part of the first for a while, the third is, and was to be the first's at the same time.
            try db.execute(
                sql: """
                    INSERT INTO word (text)
                        VALUES ('cli'), ('customer.imported'), ('customer.merged'), ('customer.unmerged');
                    INSERT INTO interaction (position, customer, previous, channel, adapter, direction, kind, occurred_at,
                            recorded_at, effects)
                        VALUES (1, 1, 0, 6, 1, 2, 2, 0, 0, 'C1'), (2, 2, 0, 6, 1, 2, 2, 0, 0, 'C2'),
                            (3, 3, 0, 6, 1, 2, 2, 0, 0, 'C3'),
                            (4, 1, 1, 6, 1, 2, 3, 0, 0, '{"merged":{"from":"c2","into":"c1"}}'),
                            (5, 1, 4, 6, 1, 2, 4, 0, 0, '{"unmerged":{"from":"c2","into":"c1"}}'),
                            (6, 1, 5, 6, 1, 2, 3, 0, 0, '{"merged":{"from":"c3","into":"c1"}}'),
                            (7, 3, 3, 6, 1, 2, 3, 0, 0, '{"merged":{"from":"c1","into":"c3"}}');
                    INSERT INTO timeline VALUES (1, 6), (2, 2), (3, 7);
                    UPDATE timeline_progress SET position = 7;
                    INSERT INTO customer (id, root, merged_into) VALUES (1, 1, NULL), (2, 2, NULL), (3, 1, 1);
                    """)
        }
        try database.close()
        let store = try await SQLiteStore.open(path: folder.path())
        let mergers = try await store.read("reading") { transaction in
            try transaction.db.list(
                "SELECT json_array(customer, other, position, undone) FROM merger ORDER BY position"
            ) { $0[0] as String }
        }
        #expect(mergers == ["[2,1,4,5]", "[3,1,6,null]"])
        #expect(try await store.verifyProjections { _, _ in } == [])
        try await store.close()
    }

    @Test("tells of merges what its log does, however odd they are, of whichever version it was", arguments: [11, 14])
    func oddMergers(version: Int) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let database = try DatabaseQueue(path: folder.path())
        let rows: [[(String, Int, Int)]] = [
            // Told again after what changes nothing: a circle, its undoing, and the undoing of another one; then elsewhere.
            [("merged", 1, 2)], [("merged", 2, 1)], [("unmerged", 2, 1)], [("unmerged", 1, 3)], [("merged", 1, 2)],
            [("merged", 1, 3)],
            // Nothing to undo; a chain, a circle by way of it, and what becomes of that when the chain is undone.
            [("unmerged", 4, 1)], [("merged", 3, 4)], [("merged", 4, 1)], [("unmerged", 3, 4)], [("merged", 4, 1)],
            // With oneself and with nobody; and two effects of one row.
            [("merged", 5, 5)], [("merged", 5, 99)], [("merged", 5, 4)], [("unmerged", 5, 4), ("merged", 5, 1)],
        ]
        try await database.writeWithoutTransaction { db in
            try Schema.migrate(db, to: 11)
            try db.execute(
                sql: """
                    INSERT INTO word (text)
                        VALUES ('cli'), ('customer.imported'), ('customer.merged'), ('customer.unmerged');
                    INSERT INTO interaction (position, customer, previous, channel, adapter, direction, kind, occurred_at,
                            recorded_at, effects)
                        VALUES (1, 1, 0, 6, 1, 2, 2, 0, 0, 'C1'), (2, 2, 0, 6, 1, 2, 2, 0, 0, 'C2'),
                            (3, 3, 0, 6, 1, 2, 2, 0, 0, 'C3'), (4, 4, 0, 6, 1, 2, 2, 0, 0, 'C4'),
                            (5, 5, 0, 6, 1, 2, 2, 0, 0, 'C5');
                    INSERT INTO timeline VALUES (1, 20), (2, 2), (3, 3), (4, 4), (5, 5);
                    UPDATE timeline_progress SET position = 20;
                    INSERT INTO customer (id, root, merged_into)
                        VALUES (2, 2, NULL), (3, 3, NULL), (1, 3, 3), (4, 3, 1), (5, 3, 1);
                    """)
            for (index, effects) in rows.enumerated() {
                let text = effects.map { "{\"\($0.0)\":{\"from\":\"c\($0.1)\",\"into\":\"c\($0.2)\"}}" }
                try db.run(
                    """
                    INSERT INTO interaction (position, customer, previous, channel, adapter, direction, kind, occurred_at,
                        recorded_at, effects)
                    VALUES (?, 1, ?, 6, 1, 2, ?, 0, 0, ?)
                    """,
                    [
                        6 + index, index == 0 ? 1 : 5 + index, effects[0].0 == "merged" ? 3 : 4,
                        text.joined(separator: "\n"),
                    ])
            }
            try Schema.migrate(db, to: version)
        }
        try database.close()
        let store = try await SQLiteStore.open(path: folder.path())
        let mergers = try await store.read("reading") { transaction in
            try transaction.db.list(
                "SELECT json_array(customer, other, position, undone) FROM merger ORDER BY customer, position"
            ) { $0[0] as String }
        }
        #expect(
            mergers == [
                "[1,2,6,11]", "[1,3,11,null]", "[3,4,13,15]", "[4,1,16,null]", "[5,4,19,20]", "[5,1,20,null]",
            ])
        #expect(try await store.verifyProjections { _, _ in } == [])
        try await store.close()
    }

    @Test("of version 12 keeps what its campaigns say")
    func definitions() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let database = try DatabaseQueue(path: folder.path())
        let long = String(repeating: "x", count: 100_000)
        try await database.writeWithoutTransaction { db in
            try Schema.migrate(db, to: 12)
            try db.execute(
                sql: """
                    INSERT INTO campaign (name, occurrence, state, class, topic, definition, created_at, note)
                        VALUES ('spring', '', 3, 2, 'news', '{"a":1}', 5, 'why'), ('spring', '2', 1, 1, 'news', ?, 6, NULL)
                    """, arguments: [long])
        }
        try database.close()
        let store = try await SQLiteStore.open(path: folder.path())
        let first = try #require(try await store.campaign(CampaignKey(name: "spring")))
        #expect(first.definition == "{\"a\":1}" && first.state == .completed && first.note == "why")
        #expect(first.createdAt == Timestamp(milliseconds: 5) && first.messageClass == .marketing)
        let key = CampaignKey(name: "spring", occurrence: "2")
        #expect(try await store.campaign(key)?.definition == long)
        let paused = try await store.move(key, from: [.sending], to: .paused, note: "later", at: Self.now)
        #expect(paused?.definition == long && paused?.note == "later")
        #expect(try await store.campaigns().map(\.definition) == [nil, nil])
        try await store.close()
    }

    @Test("of version 13 tells another request under a message's key, where it knows of a digest")
    func digestsOfMessages() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let database = try DatabaseQueue(path: folder.path())
        try await database.writeWithoutTransaction { db in
            try Schema.migrate(db, to: 13)
            // Of the second there is none, the third has no key and answers two questions.
            let names = [
                (Hash128("order-1"), 1), (Hash128("order-1", "a"), 1), (Hash128("order-2"), 2),
                (Hash128("", "answers", "f1"), 3), (Hash128("", "answers", "f2"), 3),
            ]
            for (name, dispatch) in names {
                try db.run("INSERT INTO dispatch_key VALUES (2, ?, ?, ?)", [name.high, name.low, dispatch])
            }
        }
        try database.close()
        let store = try await SQLiteStore.open(path: folder.path())
        #expect(try await store.planned(under: "order-1", digest: "a")?.isAnother == false)
        #expect(try await store.planned(under: "order-1", digest: "b")?.isAnother == true)
        #expect(try await store.planned(under: "order-1", digest: nil)?.isAnother == false)
        #expect(try await store.planned(under: "order-2", digest: "a")?.isAnother == false)
        try await store.close()
    }

    @Test("of version 15 is checked for a dispatch's state as it was")
    func rangesOfStates() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let database = try DatabaseQueue(path: folder.path())
        // A connection that knows the schema of before, and one that changes it.
        let other = try DatabaseQueue(path: folder.path())
        try await database.writeWithoutTransaction { db in
            try Schema.migrate(db, to: 15)
            try db.execute(
                sql: """
                    INSERT INTO word (text) VALUES ('news'), ('mail');
                    INSERT INTO address (uri) VALUES ('mailto:ana@example.com');
                    INSERT INTO customer (id, root) VALUES (1, 1);
                    INSERT INTO dispatch (id, customer, class, topic, route, channel, adapter, address, due_at, repeats,
                            state, waiting)
                        VALUES (1, 1, 2, 1, 0, 1, 2, 1, 0, 0, 0, 1);
                    """)
        }
        func states(_ database: DatabaseQueue) throws -> [Int] {
            try (-1...16).filter { state in
                do {
                    try database.write { db in
                        try db.execute(
                            sql: """
                                UPDATE dispatch SET state = ?1, waiting = ?1 < 2, node = iif(?1 = 2 OR ?1 = 10, 7, NULL),
                                    claimed_at = 5
                                """, arguments: [state])
                    }
                    return true
                } catch DatabaseError.SQLITE_CONSTRAINT_CHECK {
                    return false
                }
            }
        }
        let before = try states(other)
        try await database.writeWithoutTransaction { try Schema.migrate($0) }
        #expect(before == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 15])
        #expect(try states(database) == before && states(other) == before)
        // Neither makes a table of the states any more.
        let steps = try [database, other].map { database in
            try database.read {
                try Row.fetchAll($0, sql: "EXPLAIN UPDATE dispatch SET state = 3 WHERE id = 1").map {
                    $0["opcode"] as String
                }
            }
        }
        #expect(steps[0] == steps[1] && steps[0].contains("Halt") && !steps[0].contains("OpenEphemeral"))
        #expect(try await database.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
        try database.close()
        try other.close()
    }

    @Test("is not read for what campaigns say when they are listed")
    func listOfCampaigns() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let first = try await SQLiteStore.open(path: folder.path())
        for number in 1...20 {
            _ = try await first.create(
                CampaignRecord(
                    key: CampaignKey(name: "c\(number)"), state: .planning, messageClass: .marketing, topic: "news",
                    definition: String(repeating: "x", count: 100_000), createdAt: Self.now, note: "why"))
        }
        try await first.close()
        let store = try await SQLiteStore.open(path: folder.path())
        let (count, pages) = try await store.read("reading") { transaction in
            var (pages, highest): (Int32, Int32) = (0, 0)
            let connection = transaction.db.sqliteConnection
            sqlite3_db_status(connection, SQLITE_DBSTATUS_CACHE_MISS, &pages, &highest, 1)
            let count = try CampaignTable(transaction).latest(99).count { $0.note == "why" }
            sqlite3_db_status(connection, SQLITE_DBSTATUS_CACHE_MISS, &pages, &highest, 0)
            return (count, pages)
        }
        // What the campaigns say fills hundreds.
        #expect(count == 20 && pages < 40)
        try await store.close()
    }

    @Test("of an older version is left as it is by those who must not change it")
    func olderVersion() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let database = try DatabaseQueue(path: folder.path())
        try await database.writeWithoutTransaction { try Schema.migrate($0, to: 1) }
        try database.close()
        let error = await #expect(throws: StoreError.self) {
            _ = try await SQLiteStore.open(path: folder.path(), options: .init(mayMigrate: false))
        }
        #expect(error?.code == .olderVersion)
        let version = try await DatabaseQueue(path: folder.path()).read {
            try Int.fetchOne($0, sql: "PRAGMA user_version")
        }
        #expect(version == 1)
        try await SQLiteStore.open(path: folder.path()).close()
        try await SQLiteStore.open(path: folder.path(), options: .init(mayMigrate: false)).close()
    }

    @Test("of a newer version is refused and left as it is")
    func newerVersion() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try await SQLiteStore.open(path: folder.path()).close()
        try change(folder.path(), "PRAGMA user_version = 99")
        await #expect { _ = try await SQLiteStore.open(path: folder.path()) } throws: {
            ($0 as? StoreError)?.code == .newerVersion
        }
    }

    @Test("can be read by its owner only, and so can what lies beside it and a copy")
    func permissions() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        try await fill(store)
        try await store.backup(to: folder.path("copy.db"))
        for name in ["rapport.db", "rapport.db-wal", "rapport.db-shm", "copy.db"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(name))
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        try await store.close()
    }

    @Test("of another program, or no database at all, is refused")
    func foreignFile() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try change(folder.path("other.db"), "CREATE TABLE t (a)")
        try Data(repeating: 65, count: 5_000).write(to: folder.url.appending(path: "text.db"))
        for name in ["other.db", "text.db"] {
            await #expect { _ = try await SQLiteStore.open(path: folder.path(name)) } throws: {
                ($0 as? StoreError)?.code == .corrupt
            }
        }
        await #expect { _ = try await SQLiteStore.open(path: folder.path("none/rapport.db")) } throws: {
            ($0 as? StoreError)?.code == .unavailable
        }
    }

    @Test("is opened by many at once when it does not exist yet")
    func manyOpen() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try await withThrowingTaskGroup { group in
            for _ in 0..<6 {
                group.addTask { try await SQLiteStore.open(path: folder.path()).close() }
            }
            try await group.waitForAll()
        }
    }

    @Test("that is new waits for another process that writes to it as for any lock", arguments: [20, 10_000])
    func busyWhenNew(milliseconds: Int) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        // Whoever opens it may be reading in the moment of the commit.
        var patient = Configuration()
        patient.busyMode = .timeout(10)
        let other = try DatabaseQueue(path: folder.path(), configuration: patient)
        let path = folder.path()
        let opening = try await other.writeWithoutTransaction { db in
            try db.beginTransaction(.immediate)
            let hasGivenUp = DispatchSemaphore(value: 0)
            let opening = Task {
                defer { hasGivenUp.signal() }
                try await SQLiteStore.open(path: path, options: .init(busyMilliseconds: milliseconds)).close()
            }
            // Who does not wait gives up; for who does, long enough to have given up otherwise.
            _ = hasGivenUp.wait(timeout: milliseconds > 20 ? .now() + .milliseconds(150) : .distantFuture)
            try db.commit()
            return opening
        }
        let result = await opening.result
        switch result {
        case .success: #expect(milliseconds > 20)
        case .failure(let error): #expect((error as? StoreError)?.code == .busy && milliseconds == 20)
        }
        try other.close()
    }

    @Test("says that it is busy when another process keeps the lock, and goes on afterwards")
    func busy() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(
            path: folder.path(), options: SQLiteStore.Options(busyMilliseconds: 20))
        let other = try DatabaseQueue(path: folder.path())
        try await other.writeWithoutTransaction { db in
            // Held for as long as this closure runs, while the store tries to write from another thread.
            try db.beginTransaction(.immediate)
            let answered = DispatchSemaphore(value: 0)
            let code = Mutex<StoreError.Code?>(nil)
            Task {
                do throws(StoreError) {
                    try await store.advance("feed", to: 1, at: Self.now)
                } catch { code.withLock { $0 = error.code } }
                answered.signal()
            }
            answered.wait()
            try db.commit()
            #expect(code.withLock { $0 } == .busy)
        }
        try await store.advance("feed", to: 1, at: Self.now)
        #expect(try await store.cursor(of: "feed") == 1)
        try other.close()
        try await store.close()
    }

    @Test("says that it is busy when as many wait to write as may, and serves those that wait")
    func crowded() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path(), options: .init(maximumWaitingWriters: 1))
        let (entries, entered) = AsyncStream.makeStream(of: Void.self)
        let leave = DispatchSemaphore(value: 0)
        let first = Task {
            // Keeps the writing connection, on its own thread, until it is told to leave.
            try await store.commits.write("waiting") { _ in
                entered.yield()
                leave.wait()
            }
        }
        _ = await entries.first { _ in true }
        let codes = await withTaskGroup(of: StoreError.Code?.self) { group in
            for name in ["a", "b"] {
                group.addTask {
                    do throws(StoreError) {
                        try await store.advance(name, to: 1, at: Self.now)
                        return nil
                    } catch { return error.code }
                }
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(10))
                leave.signal()
                return nil
            }
            // One of the two is refused at once; the other is served when the first has left.
            let refused = await group.next() ?? nil
            group.cancelAll()
            return [refused, await group.next() ?? nil, await group.next() ?? nil]
        }
        #expect(codes == [.busy, nil, nil])
        try await first.value
        try await store.close()
    }

    @Test(
        "shows every change made to a projection behind its back",
        arguments: [
            ("UPDATE customer SET name = 'Bob'", "customer"), ("DELETE FROM customer_address", "customer_address"),
            ("INSERT INTO customer (id, root) VALUES (50, 50)", "customer"),
            ("UPDATE customer_address SET position = 9", "customer_address"),
            (
                """
                PRAGMA foreign_keys = OFF;
                INSERT INTO identity_conflict VALUES (1, 60, 1, 0, 1);
                """, "identity_conflict"
            ),
            (
                """
                PRAGMA foreign_keys = OFF;
                INSERT INTO merger VALUES (1, 60, 1, NULL);
                """, "merger"
            ),
            ("INSERT INTO response VALUES (1, 'x', 1, 1)", "response"),
            ("INSERT INTO conversation_key VALUES (1, 1, 1, 'x')", "conversation_key"),
            ("INSERT INTO suppression VALUES (1, 0, 1, 'stop', 1, NULL, NULL)", "suppression"),
            ("INSERT INTO consent VALUES (1, 9, 1, NULL, 'x', NULL, 0, 1, NULL, 'x', NULL)", "consent"),
            (
                """
                INSERT INTO follow_up (id, customer, kind, closed, summary, opened_at) VALUES (1, 1, 'message', 0, 'x', 1)
                """, "follow_up"
            ),
            (
                // A message that waits, of which somebody is said to have it.
                """
                INSERT INTO dispatch (id, customer, class, topic, route, channel, adapter, address, due_at, repeats,
                    state, waiting, evidence)
                SELECT 1, 1, 0, min(id), 0, 1, min(id), 1, 0, 0, 0, 1, 14 FROM word
                """, "dispatch"
            ),
        ])
    func damage(_ sql: String, _ table: String) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        try await fill(store)
        #expect(try await store.verifyProjections { _, _ in } == [])
        try change(folder.path(), sql)
        #expect(try await store.verifyProjections { _, _ in }.map(\.table) == [table])
        try await store.rebuildProjections { _, _ in }
        #expect(try await store.verifyProjections { _, _ in } == [])
        try await store.close()
    }

    /// A table that is missing there is neither compared nor brought back.
    @Test("has these projections")
    func projections() {
        #expect(
            ProjectionTable.all.map(\.name) == [
                "customer", "customer_address", "identity_conflict", "merger", "consent", "suppression", "follow_up",
                "response", "conversation_key",
            ])
    }

    @Test("does not let go of a row of the log")
    func appendOnly() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        try await fill(store)
        #expect(throws: DatabaseError.self) { try change(folder.path(), "DELETE FROM interaction") }
        try await store.close()
    }

    @Test("is copied while it is open, and the copy opens; an existing file is never written over")
    func backup() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        try await fill(store)
        try await store.backup(to: folder.path("copy.db"))
        await #expect(throws: StoreError.self) { try await store.backup(to: folder.path("copy.db")) }
        try await store.close()
        try Data().write(to: URL(filePath: folder.path("empty")))
        #expect(throws: StoreError.self) { try Backup.write(folder.path("empty"), to: folder.path("other.db")) }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        #expect(left == ["copy.db", "empty", "rapport.db"])
        let copy = try await SQLiteStore.open(path: folder.path("copy.db"))
        #expect(try await copy.lastPosition() == 1)
        #expect(try await copy.verifyProjections { _, _ in } == [])
        try await copy.close()
    }

    @Test("is copied by several at once to one name: the first that is done has it, and others' parts are left alone")
    func backups() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        try await fill(store)
        let others = Data("another's".utf8)
        try others.write(to: URL(filePath: folder.path("copy.db.partial")))
        let done = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    do throws(StoreError) {
                        try await store.backup(to: folder.path("copy.db"))
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(done == 1)
        try await store.close()
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        #expect(left == ["copy.db", "copy.db.partial", "rapport.db"])
        #expect(try Data(contentsOf: URL(filePath: folder.path("copy.db.partial"))) == others)
        let copy = try await SQLiteStore.open(path: folder.path("copy.db"))
        #expect(try await copy.lastPosition() == 1)
        try await copy.close()
    }

    @Test("says why its copy can't be made")
    func backupNowhere() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        let error = await #expect(throws: StoreError.self) {
            try await store.backup(to: folder.path("none/copy.db"))
        }
        #expect(error?.code == .unavailable)
        #expect(error?.detail.hasPrefix("making \(folder.path("none/copy.db")).") == true)
        #expect(error?.detail.hasSuffix(".partial: no such file or directory") == true)
        try await store.close()
    }

    @Test("has everything acknowledged when the process dies before it is closed")
    func crash() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        try await fill(store)
        // What a crash leaves: the file and its log as they are now, without the shared memory.
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: folder.path("rapport.db" + suffix), toPath: folder.path("crashed.db" + suffix))
        }
        let crashed = try await SQLiteStore.open(path: folder.path("crashed.db"))
        #expect(try await crashed.lastPosition() == 1)
        #expect(try await crashed.search("ana", limit: 1).count == 1)
        try await crashed.close()
        try await store.close()
    }

    @Test("holds none of an erased customer's words any more")
    func erased() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        try await fill(store)
        _ = try await store.erase(CustomerID(1), at: Self.now, by: "li")
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("rapport.db-wal"))).isEmpty)
        try await store.close()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
        #expect(bytes.range(of: Data("ana@example.com".utf8)) == nil)
    }

    @Test("is emptied again of what came back to an erased customer, when it is erased again")
    func erasedAgain() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        try await fill(store)
        _ = try await store.erase(CustomerID(1), at: Self.now, by: "li")
        // As earlier versions did with the results of messages that were in flight.
        try change(
            folder.path(),
            """
            UPDATE interaction SET body = 'secret', effects = effects || char(10) || '{"suppressed":{"_0":'
                || '{"address":"mailto:ana@example.com","at":"2026-09-21T14:13:20Z",'
                || '"id":{"ordinal":0,"position":1},"reason":"invalid"}}}' WHERE position = 1;
            INSERT INTO address (uri) VALUES ('mailto:ana@example.com');
            INSERT INTO suppression SELECT 1, 0, id, 'invalid', 1, NULL, NULL FROM address
                WHERE uri = 'mailto:ana@example.com';
            """)
        let removed = try await store.erase(CustomerID(1), at: Self.now, by: "li")
        #expect(removed.map(\.table) == ["interaction", "suppression"] && removed.map(\.rows) == [1, 1])
        let rows = try await store.interactions(after: nil, limit: 9)
        #expect(!"\(rows)".contains("secret") && !"\(rows)".contains("ana@"))
        #expect(rows.last?.kind == .customerErased && rows.last?.attributes == ["by": "li"])
        #expect(try await store.verifyProjections { _, _ in } == [])
        try await store.close()
    }
}
