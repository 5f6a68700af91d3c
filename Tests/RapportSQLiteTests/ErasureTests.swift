import Foundation
import GRDB
import GRDBSQLite
import RapportCore
import RapportLog
import Synchronization
import Testing

@testable import RapportSQLite

/// The rows of nobody are looked through after the customer's own are gone.
@Suite("An erasure in a large log")
struct ErasureTests {
    private static let now = Timestamp(seconds: 1_790_000_000)
    private static let uri = "mailto:ana@example.com"

    /// A store with two customers and this many rows of nobody, of which every hundredth came from the first.
    private static func with(
        rows: Int, _ body: (SQLiteStore, ScratchFolder) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        for uri in [uri, "mailto:bob@example.com"] { try await add(uri, to: store) }
        try change(
            folder,
            """
            INSERT INTO word (text) VALUES ('message.received');
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < \(rows))
            INSERT INTO interaction (position, previous, channel, adapter, direction, kind, occurred_at, recorded_at,
                sender, body)
            SELECT n + 2, iif(n = 1, 0, n + 1), 1, 1, 0, w.id, 0, 0, iif(n % 100 = 0, 'Ana@example.com', 'x@example.com'),
                iif(n % 100 = 0, 'secret', 'kept')
            FROM number CROSS JOIN word w ON w.text = 'message.received';
            INSERT INTO timeline VALUES (0, \(rows + 2));
            """)
        try await body(store, folder)
        try await store.close()
    }

    /// A store with two customers of whom one was merged into the other, and who have this many rows each, in turns.
    private static func withFamily(
        rows: Int, text: String?, _ body: (SQLiteStore, ScratchFolder) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        for uri in [uri, "mailto:ana@work.example"] { try await add(uri, to: store) }
        try await append(to: store, about: CustomerID(1)) { _ in
            [.merged(from: CustomerID(2), into: CustomerID(1))]
        }
        try change(
            folder,
            """
            INSERT INTO word (text) VALUES ('message.received');
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < \(2 * rows))
            INSERT INTO interaction (position, customer, previous, channel, adapter, direction, kind, occurred_at,
                recorded_at, body)
            SELECT n + 3, 1 + n % 2, n + 1, 1, 1, 0, w.id, 0, 0, \(text.map { "'\($0)'" } ?? "NULL")
            FROM number CROSS JOIN word w ON w.text = 'message.received';
            INSERT INTO timeline VALUES (1, \(2 * rows + 3)), (2, \(2 * rows + 2));
            UPDATE timeline_progress SET position = \(2 * rows + 3);
            """)
        try await body(store, folder)
        try await store.close()
    }

    /// A store in which the first customer was part of the second for a moment, and later the second of the third; one of
    /// these has this many rows since.
    private static func withFormerFamily(
        rows: Int, of customer: Int, _ body: (SQLiteStore) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let store = try await SQLiteStore.open(path: folder.path())
        for uri in [uri, "mailto:bob@example.com", "mailto:firm@example.com"] { try await add(uri, to: store) }
        for (from, into) in [(CustomerID(1), CustomerID(2)), (CustomerID(2), CustomerID(3))] {
            try await append(to: store, about: into) { _ in [.merged(from: from, into: into)] }
            try await append(to: store, about: into) { _ in [.unmerged(from: from, into: into)] }
        }
        let lasts = [2: 5, 3: 7].merging([customer: 7 + rows]) { $1 }
        try change(
            folder,
            """
            INSERT INTO word (text) VALUES ('message.received');
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < \(rows))
            INSERT INTO interaction (position, customer, previous, channel, adapter, direction, kind, occurred_at,
                recorded_at, body)
            SELECT n + 7, \(customer), iif(n = 1, \(customer == 2 ? 5 : 7), n + 6), 1, 1, 0, w.id, 0, 0, 'kept'
            FROM number CROSS JOIN word w ON w.text = 'message.received';
            INSERT INTO timeline VALUES (1, 1), (2, \(lasts[2] ?? 0)), (3, \(lasts[3] ?? 0));
            UPDATE timeline_progress SET position = \(7 + rows);
            """)
        try await body(store)
        try await store.close()
    }

    private static func add(_ uri: String, to store: SQLiteStore) async throws {
        let address = try #require(Address(normalized: uri))
        try await append(to: store, about: nil) { [.customerCreated($0), .addressAttached($0, address)] }
    }

    /// - Parameter customer: `nil`: a new one.
    private static func append(
        to store: SQLiteStore, about customer: CustomerID?, _ effects: @escaping @Sendable (CustomerID) -> [Effect]
    ) async throws {
        _ = try await store.commit([IntakeItem(key: nil)], query: IntakeQuery(recordedAt: now, campaignsSince: now)) {
            _, facts in
            let position = facts.takePosition()
            let id = customer ?? CustomerID(position)
            return [
                IntakeDecision(interactions: [
                    Interaction(
                        id: InteractionID(position), customer: id, channel: .desk, adapter: "cli", direction: .internal,
                        kind: .customerImported, occurredAt: now, recordedAt: now, effects: effects(id))
                ])
            ]
        }
    }

    /// How many hundreds of its steps SQLite goes through meanwhile.
    private static func work(_ transaction: Transaction, _ body: () throws -> Void) throws -> Int {
        var work = 0
        try withUnsafeMutablePointer(to: &work) { work in
            sqlite3_progress_handler(
                transaction.db.sqliteConnection, 100,
                { work in
                    work?.assumingMemoryBound(to: Int.self).pointee += 1
                    return 0
                }, work)
            defer { sqlite3_progress_handler(transaction.db.sqliteConnection, 0, nil, nil) }
            try body()
        }
        return work
    }

    private static func change(_ folder: ScratchFolder, _ sql: String) throws {
        let database = try DatabaseQueue(path: folder.path())
        try database.writeWithoutTransaction { try $0.execute(sql: sql) }
        try database.close()
    }

    private static func numbers(_ folder: ScratchFolder, _ sql: String) throws -> [Int] {
        let database = try DatabaseQueue(path: folder.path())
        let numbers = try database.read { try Int.fetchAll($0, sql: sql) }
        try database.close()
        return numbers
    }

    /// What a kill leaves after the transaction that erases the customer.
    private static func cutOff(_ store: SQLiteStore) async throws {
        let removed = try await store.commits.write("erasing") { transaction in
            try Eraser(transaction).erase(CustomerID(1), at: now, by: "li").map(\.table)
        }
        #expect(removed == ["customer", "customer_address", "interaction"])
        #expect(try await store.status(at: now).erasuresPending == 1)
        #expect(try await store.verifyProjections { _, _ in } == [])
        let address = try #require(Address(normalized: uri))
        #expect(try await store.suppressions(of: [address]).map(\.reason) == [.manual])
    }

    private static func isDone(_ store: SQLiteStore, _ folder: ScratchFolder) async throws {
        #expect(try numbers(folder, "SELECT count(*) FROM interaction WHERE body = 'secret'") == [0])
        #expect(try numbers(folder, "SELECT count(*) FROM erasure") == [0])
        #expect(try await store.status(at: now).erasuresPending == 0)
        #expect(try await store.verifyProjections { _, _ in } == [])
        try await store.close()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
        for word in ["ana@example.com", "Ana@example.com", "secret"] {
            #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word)")
        }
        #expect(bytes.range(of: Data("kept".utf8)) != nil)
    }

    @Test(
        "keeps out what comes about the customer later, beside what others bring, whoever was asked about",
        arguments: [true, false])
    func redaction(isAskedAbout: Bool) async throws {
        try await Self.with(rows: 1) { store, _ in
            _ = try await store.erase(CustomerID(1), at: Self.now, by: "li")
            let customers = [1, 2].map(CustomerID.init)
            let items = customers.map { IntakeItem(key: nil, customer: isAskedAbout ? $0 : nil) }
            let query = IntakeQuery(recordedAt: Self.now, campaignsSince: Self.now)
            let outcomes = try await store.commit(items, query: query) { _, facts in
                customers.map { customer in
                    IntakeDecision(interactions: [
                        Interaction(
                            id: InteractionID(facts.takePosition()), customer: customer, channel: .webhook,
                            adapter: "shop", direction: .inbound, kind: .messageReceived, occurredAt: Self.now,
                            recordedAt: Self.now, text: "words")
                    ])
                }
            }
            var texts: [String?] = []
            for outcome in outcomes {
                texts.append(try await store.interaction(outcome.interaction, payload: false)?.text)
            }
            #expect(texts == [nil, "words"])
        }
    }

    @Test("of customers who were merged empties all rows of each")
    func family() async throws {
        try await Self.withFamily(rows: 1_200, text: "secret") { store, folder in
            let removed = try await store.erase(CustomerID(1), at: Self.now, by: "li")
            #expect(removed.first { $0.table == "interaction" }?.rows == 2_402)
            #expect(try Self.numbers(folder, "SELECT count(*) FROM interaction WHERE body IS NOT NULL") == [0])
            #expect(try await store.erase(CustomerID(2), at: Self.now, by: "li").isEmpty)
        }
    }

    @Test("of customers who were merged takes no more work for each row when there are more of them")
    func workOfFamily() async throws {
        var work: [Int] = []
        for rows in [4_000, 8_000] {
            try await Self.withFamily(rows: rows, text: nil) { store, _ in
                let erasing = try await store.commits.write("erasing") { transaction in
                    try Self.work(transaction) {
                        _ = try Eraser(transaction).erase(CustomerID(1), at: Self.now, by: "li")
                    }
                }
                work.append(erasing)
            }
        }
        // Twice the rows, and not four times the work.
        #expect(work[1] < work[0] * 5 / 2, "\(work)")
    }

    @Test("of one who was merged for a while takes no more work for what others have had since", arguments: [2, 3])
    func workOfOthers(customer: Int) async throws {
        var work: [Int] = []
        for rows in [1_000, 8_000] {
            try await Self.withFormerFamily(rows: rows, of: customer) { store in
                let erasing = try await store.commits.write("erasing") { transaction in
                    try Self.work(transaction) {
                        _ = try Eraser(transaction).erase(CustomerID(1), at: Self.now, by: "li")
                    }
                }
                work.append(erasing)
                #expect(try await store.verifyProjections { _, _ in } == [])
            }
        }
        #expect(work[1] < work[0] * 2, "\(work)")
    }

    /// A message for the second customer to an address that the first one has.
    private static func send(in store: SQLiteStore) async throws {
        try await store.commits.write("planning") { transaction in
            try transaction.db.run(
                """
                INSERT INTO dispatch (customer, class, topic, route, channel, adapter, address, due_at, repeats, state,
                    waiting)
                SELECT 2, 2, 1, 0, 1, 1, id, 0, 0, 3, 0 FROM address WHERE uri = '\(uri)'
                """)
        }
    }

    /// A row of the second customer's about a message.
    private static func say(of dispatch: DispatchID, in store: SQLiteStore) async throws -> InteractionID {
        let query = IntakeQuery(recordedAt: now, campaignsSince: now)
        let outcomes = try await store.commit([IntakeItem(key: nil)], query: query) { _, facts in
            [
                IntakeDecision(interactions: [
                    Interaction(
                        id: InteractionID(facts.takePosition()), customer: CustomerID(2), channel: .email,
                        adapter: "mail", direction: .inbound, kind: .deliveryBounced, occurredAt: now, recordedAt: now,
                        text: "secret", references: Interaction.References(dispatch: dispatch))
                ])
            ]
        }
        return outcomes[0].interaction
    }

    @Test("looks through what others have had since before it keeps anybody waiting")
    func workOfLaterRows() async throws {
        var work: [Int] = []
        for rows in [1_000, 8_000] {
            try await Self.withFormerFamily(rows: rows, of: 2) { store in
                try await Self.send(in: store)
                let said = try await Self.say(of: DispatchID(1), in: store)
                let ahead = try await store.read("reading") { try Eraser($0).lookAhead(for: CustomerID(1)) }
                let erasing = try await store.commits.write("erasing") { transaction in
                    try Self.work(transaction) {
                        _ = try Eraser(transaction).erase(CustomerID(1), at: Self.now, by: "li", ahead: ahead)
                    }
                }
                work.append(erasing)
                #expect(try await store.interaction(said, payload: false)?.text == nil)
            }
        }
        #expect(work[1] < work[0] * 2, "\(work)")
    }

    @Test("finds what came after it had looked, and what it had not looked for", arguments: [true, false])
    func changesSince(isSaidBefore: Bool) async throws {
        try await Self.withFormerFamily(rows: 10, of: 2) { store in
            try await Self.send(in: store)
            // Of the second message, which is there only after that.
            let before = try await isSaidBefore ? Self.say(of: DispatchID(2), in: store) : nil
            let ahead = try await store.read("reading") { try Eraser($0).lookAhead(for: CustomerID(1)) }
            #expect(ahead != nil)
            if isSaidBefore { try await Self.send(in: store) }
            let after = try await Self.say(of: DispatchID(1), in: store)
            try await store.commits.write("erasing") { transaction in
                _ = try Eraser(transaction).erase(CustomerID(1), at: Self.now, by: "li", ahead: ahead)
            }
            for said in [before, after].compactMap({ $0 }) {
                #expect(try await store.interaction(said, payload: false)?.text == nil)
            }
        }
    }

    @Test("of one who was merged for a while looks at each merge of the others once", arguments: [true, false])
    func workOfManyOthers(isUndone: Bool) async throws {
        var work: [Int] = []
        for others in [100, 200] {
            try await Self.with(rows: 1) { store, folder in
                // All of them became part of the second customer while the first was, one row after the other.
                try Self.change(
                    folder,
                    """
                    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < \(others))
                    INSERT INTO customer (id, root) SELECT n + 100, n + 100 FROM number;
                    INSERT INTO merger (customer, other, position, undone)
                    SELECT id, 2, id, \(isUndone ? "id + \(others)" : "NULL") FROM customer WHERE id > 100
                    UNION ALL SELECT 1, 2, 50, 10000;
                    """)
                let (times, steps) = try await store.commits.write("reading") { transaction in
                    var times: [Int64: [Range<Int64>]] = [:]
                    let steps = try Self.work(transaction) { times = try FormerFamily(transaction, of: [1]).times }
                    return (times, steps)
                }
                var expected: [Int64: [Range<Int64>]] = [2: [50..<10_000]]
                for other in 101...Int64(100 + others) {
                    expected[other] = [other..<(isUndone ? other + Int64(others) : 10_000)]
                }
                #expect(times == expected)
                work.append(steps)
            }
        }
        // Twice the merges, and not four times the work.
        #expect(work[1] < work[0] * 3, "\(work)")
    }

    @Test("finds with whom somebody was one at several times, and in none besides")
    func severalTimes() async throws {
        try await Self.with(rows: 1) { store, folder in
            // The fifth was part of the first's others at times that meet, overlap and are apart, and was erased since.
            try Self.change(
                folder,
                """
                INSERT INTO customer (id, root, erased) VALUES (3, 3, 0), (4, 4, 0), (5, 5, 1), (6, 6, 0);
                INSERT INTO merger (customer, other, position, undone) VALUES
                    (1, 2, 10, 20), (1, 2, 30, 40), (1, 3, 50, 60), (2, 4, 15, 35), (4, 3, 38, 55), (4, 3, 57, 58),
                    (5, 4, 5, 16), (5, 4, 52, 54), (5, 6, 53, 90), (5, 2, 18, 32), (6, 2, 20, 30);
                """)
            let (members, times) = try await store.read("reading") { transaction in
                let past = try FormerFamily(transaction, of: [1])
                return (past.members, past.times)
            }
            #expect(members == [2, 3, 4, 6])
            #expect(
                times == [
                    2: [10..<20, 30..<40], 3: [50..<60], 4: [15..<20, 30..<35, 50..<55, 57..<58], 6: [53..<54],
                ])
        }
    }

    @Test("takes no more work when more customers have been erased before")
    func workBesideErased() async throws {
        var work: [Int] = []
        for erased in [100, 5_000] {
            try await Self.with(rows: 1) { store, folder in
                try Self.change(
                    folder,
                    """
                    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < \(erased))
                    INSERT INTO customer (id, root, erased) SELECT n + 100, n + 100, 1 FROM number;
                    INSERT INTO dispatch (customer, class, topic, route, channel, adapter, address, due_at, repeats, state,
                        waiting)
                    SELECT 1, 2, 1, 0, 1, 1, id, 0, 0, 3, 0 FROM address WHERE uri = '\(Self.uri)';
                    """)
                let erasing = try await store.commits.write("erasing") { transaction in
                    try Self.work(transaction) {
                        _ = try Eraser(transaction).erase(CustomerID(1), at: Self.now, by: "li")
                    }
                }
                work.append(erasing)
            }
        }
        #expect(work[1] < work[0] * 2, "\(work)")
    }

    @Test("goes through it in parts, between which others write, and tells how far it came")
    func parts() async throws {
        try await Self.with(rows: 25_000) { store, folder in
            let steps = Mutex<[[Int64]]>([])
            let removed = try await store.erase(CustomerID(1), at: Self.now, by: "li") { done, total in
                // What another process finds meanwhile: the customer is erased, and the lock is free.
                let found = try? Self.numbers(
                    folder, "SELECT erased FROM customer WHERE id = 1 UNION ALL SELECT next FROM erasure")
                #expect(throws: Never.self) { try Self.change(folder, "UPDATE reader SET at = 0") }
                steps.withLock { $0.append([done, total] + (found ?? []).map(Int64.init)) }
            }
            #expect(
                steps.withLock { $0 } == [
                    [10_000, 25_002, 1, 15_002], [20_000, 25_002, 1, 5_002], [25_002, 25_002, 1],
                ])
            #expect(removed.map(\.table) == ["customer", "customer_address", "interaction"])
            #expect(removed.map(\.rows) == [1, 1, 251])
            #expect(try await store.erase(CustomerID(1), at: Self.now, by: "li").isEmpty)
            try await Self.isDone(store, folder)
        }
    }

    @Test("overwrites what it removes, as whatever is removed before and after it is")
    func overwriting() async throws {
        try await Self.with(rows: 1) { store, folder in
            for words in ["forgotten before", "forgotten after", "remembered"] { try await Self.keep(words, in: store) }
            let later = Self.now.adding(seconds: 1)
            #expect(try await store.forgetPayloads(before: later, limit: 1) == 1)
            _ = try await store.erase(CustomerID(1), at: Self.now, by: "li")
            #expect(try await store.forgetPayloads(before: later, limit: 1) == 1)
            try await store.close()
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
            // Where a row was, SQLite keeps some numbers of its own.
            for word in ["gotten before", "gotten after", "Ana@example.com"] {
                #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word)")
            }
            #expect(bytes.range(of: Data("remembered".utf8)) != nil)
        }
    }

    /// A row of nobody, with what a sender has sent.
    private static func keep(_ payload: String, in store: SQLiteStore) async throws {
        _ = try await store.commit([IntakeItem(key: nil)], query: IntakeQuery(recordedAt: now, campaignsSince: now)) {
            _, facts in
            [
                IntakeDecision(interactions: [
                    Interaction(
                        id: InteractionID(facts.takePosition()), customer: nil, channel: .webhook, adapter: "shop",
                        direction: .inbound, kind: .messageReceived, occurredAt: now, recordedAt: now,
                        payload: Interaction.Payload(type: "text/plain", bytes: Array(payload.utf8)))
                ])
            ]
        }
    }

    @Test("is finished after it was cut off, by whoever finishes erasures or erases next", arguments: [true, false])
    func cutOff(isFinishedByErasing: Bool) async throws {
        try await Self.with(rows: 1_200) { store, folder in
            try await Self.cutOff(store)
            try await store.close()
            let next = try await SQLiteStore.open(path: folder.path())
            if isFinishedByErasing {
                let removed = try await next.erase(CustomerID(2), at: Self.now, by: "li")
                #expect(removed.map(\.rows) == [1, 1, 1])
            } else {
                #expect(try await next.finishErasures() == 12)
                #expect(try await next.finishErasures() == 0)
            }
            try await Self.isDone(next, folder)
        }
    }

    @Test("may be finished by two at once")
    func twoAtOnce() async throws {
        try await Self.with(rows: 25_000) { store, folder in
            try await Self.cutOff(store)
            let other = try await SQLiteStore.open(path: folder.path())
            let rows = try await withThrowingTaskGroup(of: Int.self) { group in
                for store in [store, other] { group.addTask { try await store.finishErasures() } }
                return try await group.reduce(0, +)
            }
            #expect(rows == 250)
            try await other.close()
            try await Self.isDone(store, folder)
        }
    }

    @Test("of somebody who comes back meanwhile with another address looks for both")
    func again() async throws {
        try await Self.with(rows: 300) { store, folder in
            try await Self.cutOff(store)
            try await store.commits.write("erasing") { try PendingErasures($0).begin(1, ["mailto:x@example.com"]) }
            #expect(try await store.finishErasures() == 300)
            #expect(try Self.numbers(folder, "SELECT count(*) FROM interaction WHERE body IS NOT NULL") == [0])
        }
    }
}
