import GRDB

/// How far the keys of the latest events are moved to the pages of all keys. Whoever writes it down, it stays true: what
/// is in the pages does not leave them.
struct RepetitionProgress: Equatable {
    static let shards = 256

    /// Every key of the lines up to here is in the pages.
    private(set) var moved: Int64 = 0
    /// The last line when the present round through the shards began.
    private var round: Int64 = 0
    /// The shard that is moved next.
    private(set) var shard = 0

    init() {}

    init(_ db: Database) throws {
        try db.each("SELECT moved, round, shard FROM repetition_progress") { row in
            moved = row[0]
            round = row[1]
            shard = row[2]
        }
    }

    func write(_ db: Database) throws {
        try db.run(
            "UPDATE repetition_progress SET moved = ?, round = ?, shard = ?", [moved, round, shard])
    }

    /// Whether a key that stands in this line is in the pages for certain.
    func hasMoved(_ key: Hash128, ofLine line: Int64) -> Bool {
        line <= moved || line <= round && key.shard < shard
    }

    /// The next shard is in the pages, with all that was known of it when the last line was this one.
    mutating func advance(lastLine: Int64) {
        shard = (shard + 1) % Self.shards
        guard shard == 0 else { return }
        moved = round
        round = lastLine
    }
}

extension Hash128 {
    var shard: Int { Int(truncatingIfNeeded: UInt64(bitPattern: high) >> 56) }
}
