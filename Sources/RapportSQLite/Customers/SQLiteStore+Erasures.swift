package import RapportCore
package import RapportLog

extension SQLiteStore {
    /// Rows of nobody that are looked at in one read, and rows that are emptied in one transaction: few enough that no
    /// writer notices.
    private static var partSize: Int { 10_000 }
    private static var writeSize: Int { 500 }

    package func erase(
        _ customer: CustomerID, at now: Timestamp, by author: String,
        progress: @escaping @Sendable (_ done: Int64, _ of: Int64) -> Void
    ) async throws(StoreError) -> [(table: String, rows: Int)] {
        let ahead = try await read("looking through the log") { try Eraser($0).lookAhead(for: customer) }
        let (root, removed) = try await commits.write("erasing a customer", weight: 1_000) { transaction in
            let removed = try Eraser(transaction).erase(customer, at: now, by: author, ahead: ahead)
            return (try transaction.roots([customer.number])[customer.number], removed)
        }
        var rows = Dictionary(removed.map { ($0.table, $0.rows) }, uniquingKeysWith: +)
        let finished = try await finishErasures(stopsWhenCancelled: false, progress)
        let rest = root.flatMap { finished[$0] } ?? LogScrubber.Count()
        rows["interaction", default: 0] += rest.rows
        rows["payload", default: 0] += rest.payloads
        rows["conversation_key", default: 0] += rest.conversations
        rows = rows.filter { $0.value > 0 }
        if !rows.isEmpty { try await emptyLog() }
        return rows.sorted { $0.key < $1.key }.map { (table: $0.key, rows: $0.value) }
    }

    package func finishErasures() async throws(StoreError) -> Int {
        let finished = try await finishErasures(stopsWhenCancelled: true) { _, _ in }
        if !finished.isEmpty { try await emptyLog() }
        return finished.values.reduce(0) { $0 + $1.rows }
    }

    /// - Returns: what was emptied, by the customer who was erased.
    private func finishErasures(
        stopsWhenCancelled: Bool, _ progress: @Sendable (_ done: Int64, _ of: Int64) -> Void
    ) async throws(StoreError) -> [Int64: LogScrubber.Count] {
        var finished: [Int64: LogScrubber.Count] = [:]
        while !stopsWhenCancelled || !Task.isCancelled,
            let pending = try await read("reading erasures", { try PendingErasures($0).all().first })
        {
            let part = try await read("looking through the log") {
                try NobodysRows(transaction: $0).part(
                    from: pending.next, limit: Self.partSize, naming: pending.addresses)
            }
            for start in stride(from: 0, to: part.positions.count, by: Self.writeSize) {
                let positions = part.positions[start..<min(start + Self.writeSize, part.positions.count)]
                let count = try await commits.write("erasing a customer", weight: positions.count) {
                    try PendingErasures($0).scrub(positions, for: pending)
                }
                finished[pending.customer, default: LogScrubber.Count()].add(count)
            }
            try await commits.write("erasing a customer") { try PendingErasures($0).move(pending, to: part.next) }
            finished[pending.customer, default: LogScrubber.Count()].add(LogScrubber.Count())
            progress(pending.first - part.next, pending.first)
        }
        return finished
    }

    private func emptyLog() async throws(StoreError) {
        let (checkpointer, pool) = (checkpointer, pool)
        try await OwnThread.run("erasing a customer") { _ = try checkpointer.empty(pausing: pool) }
    }
}

extension LogScrubber.Count {
    fileprivate mutating func add(_ other: LogScrubber.Count) {
        rows += other.rows
        payloads += other.payloads
        conversations += other.conversations
    }
}
