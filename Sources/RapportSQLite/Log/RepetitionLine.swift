import Foundation

/// The repetition keys of one commit as they stand in the file: position, high and low half of each, eight bytes every
/// one, the most significant first.
enum RepetitionLine {
    struct Entry: Equatable {
        var position: Int64
        var key: Hash128
    }

    private static let size = 24

    static func data(_ entries: [Entry]) -> Data {
        var bytes = Data(capacity: entries.count * size)
        for entry in entries {
            for number in [entry.position, entry.key.high, entry.key.low] {
                withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
            }
        }
        return bytes
    }

    static func entries(_ data: Data) -> [Entry] {
        data.withUnsafeBytes { bytes in
            (0..<bytes.count / size).map { index in
                func number(_ word: Int) -> Int64 {
                    Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * size + word * 8, as: Int64.self))
                }
                return Entry(position: number(0), key: Hash128(high: number(1), low: number(2)))
            }
        }
    }
}
