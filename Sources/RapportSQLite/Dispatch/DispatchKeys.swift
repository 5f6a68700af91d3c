import GRDB
import RapportCore
import RapportLog

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

    /// The single message under a key.
    ///
    /// The digest of its request stands beside the key, under a name made of both; that there is one, under the
    /// number of the message.
    func planned(under key: String, digest: String?) throws -> PlannedDispatch? {
        guard let existing = try find(Hash128(key)) else { return nil }
        var planned = PlannedDispatch(id: DispatchID(existing), isRepetition: true)
        if let digest, try find(Self.hasDigest(existing)) != nil {
            planned.isAnother = try find(Hash128(key, digest)) != existing
        }
        return planned
    }

    /// Lets a single message be found under a key.
    func set(key: String, digest: String?, _ dispatch: Int64) throws {
        try set(Hash128(key), dispatch)
        guard let digest else { return }
        try set(Hash128(key, digest), dispatch)
        try set(Self.hasDigest(dispatch), dispatch)
    }

    private static func hasDigest(_ dispatch: Int64) -> Hash128 { Hash128(high: dispatch, low: 0) }

    /// Leads from `hash` to `dispatch` from now on.
    func set(_ hash: Hash128, _ dispatch: Int64) throws {
        try db.run(
            "INSERT INTO dispatch_key VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET dispatch = excluded.dispatch",
            [space.rawValue, hash.high, hash.low, dispatch])
    }
}
