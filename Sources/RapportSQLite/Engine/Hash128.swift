import Crypto

/// 128 bits of SHA-256 over some texts, as two integers that SQLite can hold.
struct Hash128: Hashable, Comparable {
    var high: Int64
    var low: Int64

    init(high: Int64, low: Int64) {
        self.high = high
        self.low = low
    }

    /// Texts are told apart by a byte that UTF-8 never has.
    init(_ texts: String...) {
        var hash = SHA256()
        for text in texts {
            hash.update(data: Array(text.utf8))
            hash.update(data: [0xff])
        }
        let bytes = Array(hash.finalize())
        high = Self.number(bytes[0..<8])
        low = Self.number(bytes[8..<16])
    }

    static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
        Int64(bitPattern: bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
    }
}
