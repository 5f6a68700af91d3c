import Testing

@testable import RapportEmail

@Suite("The lines of a text")
struct TextLinesTests {
    @Test("lines within a limit are told by where they end, whatever the text", arguments: 1...4)
    func limit(limit: Int) {
        // Every text of up to ten bytes, each of them an end of a line or not.
        for length in 0...10 {
            for bits in 0..<(1 << length) {
                let text: [UInt8] = (0..<length).map { bits >> $0 & 1 == 1 ? 10 : 120 }
                let longest = text.split(separator: 10, omittingEmptySubsequences: false).map(\.count).max() ?? 0
                #expect(text.withUnsafeBufferPointer { $0.hasLines(within: limit) } == (longest <= limit))
            }
        }
    }
}
