import GRDB
import RapportLog

/// Which events are in the log already.
struct Repetitions {
    private let db: Database
    private let index: HashIndex

    init(_ transaction: Transaction) {
        db = transaction.db
        index = HashIndex(db: db, space: .repetition)
    }

    /// The position of the interaction that an event with this key repeats.
    func find(_ key: RepetitionKey, at now: Int64) throws -> Int64? {
        guard let position = try index.find(key.hash) else { return nil }
        guard let window = key.windowSeconds else { return position }
        let first = try db.number("SELECT recorded_at FROM interaction WHERE position = ?", [position])
        return (now - first) / 1000 < window ? position : nil
    }

    func remember(_ key: RepetitionKey, _ position: Int64) throws {
        try index.set(key.hash, position)
    }
}

extension RepetitionKey {
    var hash: Hash128 { Hash128(high: Int64(bitPattern: high), low: Int64(bitPattern: low)) }
}
