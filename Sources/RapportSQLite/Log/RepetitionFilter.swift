import Foundation

/// Tells of most keys that are not in a set that they are not, in ten to sixteen bits for each key of the set; of about
/// one in fifty it can't. It never denies one that is.
///
/// A Bloom filter whose key sets all its bits in one block of 64 bytes, so that a question costs one access to memory
/// (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007). Keys are hashes already.
struct RepetitionFilter: Equatable {
    /// How many keys it was told of.
    private(set) var count: Int
    /// Eight for each block.
    private var words: [UInt64]

    private static let wordsOfBlock = 8
    private static let bitsOfKey = 5
    /// All shards together take 64 MiB at most, which is enough for fifty million keys; of more it denies fewer.
    static let maximumWords = 32_768

    /// Of these keys, with room for more.
    init(_ keys: [Hash128]) {
        count = 0
        let blocks = (keys.count * 16 + 511) / 512
        words = Array(repeating: 0, count: min(max(blocks, 1) * Self.wordsOfBlock, Self.maximumWords))
        insert(keys)
    }

    /// From the file.
    init(count: Int, data: Data) {
        self.count = count
        words = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map {
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
            }
        }
    }

    var data: Data {
        var data = Data(capacity: words.count * 8)
        for word in words { withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) } }
        return data
    }

    /// Whether a larger one, made of all keys, would deny much more than this one with so many keys besides.
    func isTooSmall(forMore more: Int) -> Bool {
        (count + more) * 10 > words.count * 64 && words.count < Self.maximumWords
    }

    mutating func insert(_ keys: [Hash128]) {
        for key in keys {
            let (block, bits) = place(of: key)
            for bit in bits { words[block + bit / 64] |= 1 << UInt64(bit % 64) }
        }
        count += keys.count
    }

    /// False for most keys that were not inserted, and for none that was.
    func mayContain(_ key: Hash128) -> Bool {
        let (block, bits) = place(of: key)
        return bits.allSatisfy { words[block + $0 / 64] & 1 << UInt64($0 % 64) != 0 }
    }

    /// The first word of the key's block, and its bits there: nine bits each of the half that does not choose the block,
    /// from its lower end, because the upper one chooses the shard.
    private func place(of key: Hash128) -> (block: Int, bits: some Sequence<Int>) {
        let blocks = UInt64(words.count / Self.wordsOfBlock)
        let block = Int(UInt64(bitPattern: key.low).multipliedFullWidth(by: blocks).high)
        let bits = (0..<Self.bitsOfKey).lazy.map { Int(key.high >> Int64($0 * 9) & 511) }
        return (block * Self.wordsOfBlock, bits)
    }
}
