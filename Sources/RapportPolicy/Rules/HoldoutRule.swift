import Crypto
import RapportCore

/// `holdout: { percent: 5, salt: 2026H2 }`: a stable part of the customers, whole households, is not written to, so that
/// a programme can be compared with its absence.
struct HoldoutRule: FileRule {
    static let word = "holdout"
    static let keys = ["percent", "salt"]

    let name = RuleName.holdout
    let narrowing: Narrowing
    let summary: String
    /// Buckets below this number, of 10 000, are held out.
    private let threshold: UInt64
    private let salted: [UInt8]

    init?(_ fields: FieldReader, narrowing: Narrowing) {
        let percent = fields.percent("percent")
        guard let salt = fields.requiredText("salt", "a text that tells this group from others"), let percent else {
            return nil
        }
        threshold = percent.hundredths
        salted = Array((salt + ":").utf8)
        self.narrowing = narrowing
        summary = "\(percent.text)% held out"
    }

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        let customer = situation.facts.customer
        return bucket(customer.household ?? customer.id) < threshold ? .objects(until: nil) : .pass
    }

    /// The first 8 bytes of SHA-256 of `salt:key`, as a big-endian number, modulo 10 000.
    func bucket(_ key: String) -> UInt64 {
        var digest = SHA256()
        salted.withUnsafeBytes { digest.update(bufferPointer: $0) }
        var key = key
        key.withUTF8 { digest.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return digest.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) } % 10_000
    }
}
