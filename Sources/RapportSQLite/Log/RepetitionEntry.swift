import Foundation

/// A repetition key and the event that it leads to.
struct RepetitionEntry: Equatable {
    var position: Int64
    var key: Hash128

    /// In the file: position, high and low half of the key, eight bytes every one, the most significant first.
    private static let size = 24

    static func encode(_ entries: some Collection<RepetitionEntry>) -> Data {
        var data = Data(count: entries.count * size)
        data.withUnsafeMutableBytes { bytes in
            for (index, entry) in entries.enumerated() {
                for (word, number) in [entry.position, entry.key.high, entry.key.low].enumerated() {
                    bytes.storeBytes(
                        of: number.bigEndian, toByteOffset: index * size + word * 8, as: Int64.self)
                }
            }
        }
        return data
    }

    static func decode(_ data: Data) -> [RepetitionEntry] {
        data.withUnsafeBytes { bytes in (0..<bytes.count / size).map { entry(bytes, $0) } }
    }

    /// The position that a key leads to among entries that stand in the order of their keys.
    static func position(of key: Hash128, inOrdered data: Data) -> Int64? {
        data.withUnsafeBytes { bytes in
            var range = 0..<bytes.count / size
            while !range.isEmpty {
                let middle = range.lowerBound + range.count / 2
                let entry = entry(bytes, middle)
                if entry.key == key { return entry.position }
                range = entry.key < key ? middle + 1..<range.upperBound : range.lowerBound..<middle
            }
            return nil
        }
    }

    private static func entry(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> RepetitionEntry {
        func number(_ word: Int) -> Int64 {
            Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * size + word * 8, as: Int64.self))
        }
        return RepetitionEntry(position: number(0), key: Hash128(high: number(1), low: number(2)))
    }
}
