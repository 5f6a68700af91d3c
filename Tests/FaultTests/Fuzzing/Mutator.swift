/// Makes new inputs from good ones, the way a fuzzer does, without looking at what they reach.
struct Mutator {
    let samples: [[UInt8]]
    let words: [[UInt8]]
    let sizeLimit: Int
    var generator: SeededGenerator

    mutating func next() -> [UInt8] {
        var bytes = samples.randomElement(using: &generator) ?? []
        for _ in 0..<Int.random(in: 1...6, using: &generator) { change(&bytes) }
        return Array(bytes.prefix(sizeLimit))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        let part = place..<Int.random(in: place...min(bytes.count, place + 40), using: &generator)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        case 1: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator) }
        case 2: bytes.removeSubrange(part)
        case 3: bytes.insert(contentsOf: words.randomElement(using: &generator) ?? [], at: place)
        case 4: bytes.replaceSubrange(part, with: words.randomElement(using: &generator) ?? [])
        case 5: bytes.insert(contentsOf: repeated(Array(bytes[part])), at: place)
        case 6: bytes.insert(contentsOf: repeated(words.randomElement(using: &generator) ?? []), at: place)
        default:
            let other = samples.randomElement(using: &generator) ?? []
            let from = Int.random(in: 0...other.count, using: &generator)
            bytes.replaceSubrange(place..., with: other[from...])
        }
    }

    /// Depth and length are what bounds are for.
    private mutating func repeated(_ piece: [UInt8]) -> [UInt8] {
        let times = [2, 2, 2, 3, 3, 10, 10, 100, 1000].randomElement(using: &generator) ?? 2
        return Array(repeatElement(piece, count: times).joined().prefix(sizeLimit))
    }
}
