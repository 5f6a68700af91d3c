import GRDB
import RapportLog

/// Which events are in the log already; one for each batch of events.
struct Repetitions {
    private let db: Database
    private let index: HashIndex
    private let recent: RecentRepetitions
    private var new: [RepetitionLine.Entry] = []

    init(_ db: Database, recent: RecentRepetitions) throws {
        self.db = db
        self.recent = recent
        index = HashIndex(db: db, space: .repetition)
        try recent.refresh(db)
    }

    /// The position of the interaction that an event with this key repeats. It does not know of those of this batch.
    func find(_ key: RepetitionKey, at now: Int64) throws -> Int64? {
        guard let position = try recent.find(key.hash) ?? index.find(key.hash) else { return nil }
        guard let window = key.windowSeconds else { return position }
        let first = try db.number("SELECT recorded_at FROM interaction WHERE position = ?", [position])
        return (now - first) / 1000 < window ? position : nil
    }

    mutating func remember(_ key: RepetitionKey, _ position: Int64) {
        new.append(RepetitionLine.Entry(position: position, key: key.hash))
    }

    /// Writes down what the batch has brought. Nothing of the batch may fail after it.
    func finish() throws {
        try recent.append(new, db)
    }
}

extension RepetitionKey {
    var hash: Hash128 { Hash128(high: Int64(bitPattern: high), low: Int64(bitPattern: low)) }
}
