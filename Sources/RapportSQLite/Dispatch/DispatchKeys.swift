import GRDB

/// Finds dispatches by 128 bits of a hash: of the provider's message id, of a single message's key.
struct DispatchKeys {
    enum Space: Int64 {
        case providerMessage = 1
        case singleMessage = 2
    }

    let db: Database
    let space: Space

    func find(_ hash: Hash128) throws -> Int64? {
        try db.first(
            "SELECT dispatch FROM dispatch_key WHERE space = ? AND high = ? AND low = ?",
            [space.rawValue, hash.high, hash.low]
        ) { $0[0] as Int64 }
    }

    /// Leads from `hash` to `dispatch` from now on.
    func set(_ hash: Hash128, _ dispatch: Int64) throws {
        try db.run(
            "INSERT INTO dispatch_key VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET dispatch = excluded.dispatch",
            [space.rawValue, hash.high, hash.low, dispatch])
    }
}
