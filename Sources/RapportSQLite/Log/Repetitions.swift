import GRDB
import RapportLog

/// Which events are in the log already; one for each batch of events.
struct Repetitions {
    private let db: Database
    private let recent: RecentRepetitions
    private var new: [RepetitionEntry] = []

    init(_ db: Database, recent: RecentRepetitions) throws {
        self.db = db
        self.recent = recent
        try recent.refresh(db)
    }

    /// The positions of the interactions that events with these keys repeat. It does not know of those of this batch.
    func positions(of keys: Set<RepetitionKey>, at now: Int64) throws -> [RepetitionKey: Int64] {
        var found = recent.find(keys.map(\.hash))
        let others = try recent.mayBeInPages(keys.map(\.hash).filter { found[$0] == nil }, db)
        if !others.isEmpty { found.merge(try RepetitionPages(db: db).find(others)) { first, _ in first } }
        guard !found.isEmpty else { return [:] }
        var positions: [RepetitionKey: Int64] = [:]
        for key in keys {
            guard let position = found[key.hash], try isWithinWindow(position, of: key, at: now) else { continue }
            positions[key] = position
        }
        return positions
    }

    private func isWithinWindow(_ position: Int64, of key: RepetitionKey, at now: Int64) throws -> Bool {
        guard let window = key.windowSeconds else { return true }
        let first = try db.number("SELECT recorded_at FROM interaction WHERE position = ?", [position])
        return (now - first) / 1000 < window
    }

    mutating func remember(_ key: RepetitionKey, _ position: Int64) {
        new.append(RepetitionEntry(position: position, key: key.hash))
    }

    /// Writes down what the batch has brought. Nothing of the batch may fail after it.
    func finish() throws {
        try recent.append(new, db)
    }
}

extension RepetitionKey {
    var hash: Hash128 { Hash128(high: Int64(bitPattern: high), low: Int64(bitPattern: low)) }
}
