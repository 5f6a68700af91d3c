/// Lists of the places of a batch's rows, by key. In a batch there are thousands of keys with a row or two each, so that an
/// array for each would cost more than to read its rows: here each row says where the next of its key is.
struct Chains<Key: Hashable> {
    private var ends: [Key: (first: Int, last: Int)] = [:]
    /// For each place the next one of the same key, or its own.
    private var links: [Int]

    /// - Parameters:
    ///   - count: of rows.
    ///   - keys: of keys that are likely.
    init(count: Int, keys: Int = 0) {
        links = Array(0..<count)
        ends.reserveCapacity(keys)
    }

    /// Lays a row under a key; each under one, and the places of a key in order.
    mutating func add(_ place: Int, under key: Key) {
        guard let ends = ends[key] else { return self.ends[key] = (place, place) }
        links[ends.last] = place
        self.ends[key]?.last = place
    }

    /// The places under a key; `nil` where there are none.
    func places(under key: Key) -> Places? {
        ends[key].map { Places(links: links, place: $0.first) }
    }

    struct Places: Sequence, IteratorProtocol {
        fileprivate let links: [Int]
        fileprivate var place: Int?

        mutating func next() -> Int? {
            guard let current = place else { return nil }
            place = links[current] == current ? nil : links[current]
            return current
        }
    }
}
