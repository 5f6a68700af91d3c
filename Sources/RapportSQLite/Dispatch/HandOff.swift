import GRDB
import RapportCore

/// Says, before the first byte leaves, that messages are leaving.
struct HandOff {
    private static let isClaimed = "id IN (SELECT value FROM json_each(?)) AND node = ? AND state = 2"

    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Nearly always all of them may leave, which is told by how many rows were changed. Only when they are fewer it is
    /// undone and looked up which, because to look first takes half as long as to change them.
    func handOff(_ ids: [DispatchID], node: Int64, at now: Timestamp) throws -> Set<DispatchID> {
        var leaving = Set(ids)
        let list = Bound.list(leaving.lazy.map(\.number))
        try db.run("SAVEPOINT departure")
        if try move(list, node: node, at: now) < leaving.count {
            try db.run("ROLLBACK TO departure")
            leaving = Set(
                try db.list("SELECT id FROM dispatch WHERE \(Self.isClaimed)", [list, node]) { DispatchID($0[0]) })
            _ = try move(list, node: node, at: now)
        }
        try db.run("RELEASE departure")
        return leaving
    }

    private func move(_ list: String, node: Int64, at now: Timestamp) throws -> Int {
        try db.change(
            "UPDATE dispatch SET state = 10, attempts = attempts + 1, left_at = ? WHERE \(Self.isClaimed)",
            [now.milliseconds, list, node])
    }
}
