import Foundation
import RapportHostileParsers

/// Looks for work that grows faster than its input: every word of a parser's dictionary, and every piece of its samples,
/// repeated to three sizes. For people to look at; a clock decides nothing.
struct Growth {
    let parser: HostileParser
    private static let sizes = [16 << 10, 64 << 10, 256 << 10]

    func run() async throws {
        var slowest: (text: String, perByte: Double) = ("", 0)
        for sample in parser.samples {
            for word in parser.words.map({ Array($0.utf8) }) + pieces(of: sample) {
                for place in [0, sample.count / 2, sample.count] {
                    let times = try await times(sample, word, place)
                    guard let last = times.last, times.count == Self.sizes.count else {
                        print("  too slow at \(Self.sizes[times.count - 1]) bytes:", Self.shown(word), "at", place)
                        continue
                    }
                    let perByte = last / Double(Self.sizes[2]) * 1e9
                    if perByte > slowest.perByte { slowest = (Self.shown(word), perByte) }
                    if last > 0.02, last > 6 * times[1] {
                        print("  grows \(last / times[1]) times from 64 to 256 KiB:", Self.shown(word), "at", place)
                    }
                }
            }
        }
        print("\(parser.name): \(Int(slowest.perByte)) ns a byte at most, with \(slowest.text)")
    }

    private func times(_ sample: [UInt8], _ word: [UInt8], _ place: Int) async throws -> [Double] {
        var times: [Double] = []
        for size in Self.sizes {
            let many = Array(repeatElement(word, count: size / max(word.count, 1)).joined())
            let input = Array(sample[..<place]) + many + Array(sample[place...])
            // Time of the processors, so that a busy machine doesn't look like a slow parser.
            let start = clock()
            try await parser.run(input)
            times.append(Double(clock() - start) / Double(CLOCKS_PER_SEC))
            if let last = times.last, last > 1 { return times }
        }
        return times
    }

    /// Lines, words and single bytes.
    private func pieces(of sample: [UInt8]) -> [[UInt8]] {
        let lines = sample.split(separator: 10).prefix(12).map { Array($0) + [10] }
        let words = sample.split { $0 == 32 || $0 == 10 }.prefix(12).map { Array($0) + [32] }
        return lines + words + Array("\n,;:<>()[]{}\"'\\=?%&@ .-".utf8).map { [$0] } + [
            [13, 10], [0xCC, 0x81], [0xFF],
        ]
    }

    private static func shown(_ word: [UInt8]) -> String {
        String(decoding: word.prefix(60), as: UTF8.self).debugDescription
    }
}
