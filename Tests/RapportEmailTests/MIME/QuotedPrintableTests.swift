import CGMime
import RapportEmail
import Testing

@Suite("Quoted-printable")
struct QuotedPrintableTests {
    private static let texts: [String] = [
        "", "\n", "\n\n", "a", "a\n", "a=b", " ", "a \n", "a\t\nb \n", "bell \u{7}", "naïve café",
        String(repeating: "x", count: 75), String(repeating: "x", count: 76), String(repeating: "x", count: 151),
        String(repeating: "=", count: 60), String(repeating: "字", count: 40) + "\n",
        String(repeating: "x", count: 73) + "=y", String(repeating: "x", count: 72) + "=y",
        String(repeating: "x", count: 75) + " y", String(repeating: "word ", count: 100) + ".\n.\n",
    ]

    private func ours(_ text: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        text.withUnsafeBufferPointer { QuotedPrintable.append($0, to: &bytes) }
        return bytes
    }

    /// What GMime makes of it, with CRLF for its LF.
    private func gmimes(_ text: [UInt8]) -> [UInt8] {
        let encoding = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
        let encoded = [UInt8](unsafeUninitializedCapacity: rapport_gmime_encoded_limit(encoding, text.count)) {
            out, count in
            count = text.withUnsafeBytes { input in
                out.withMemoryRebound(to: CChar.self) { output in
                    rapport_gmime_encode(
                        encoding, input.bindMemory(to: CChar.self).baseAddress, input.count, output.baseAddress)
                }
            }
        }
        return encoded.flatMap { $0 == 10 ? [13, 10] : [$0] }
    }

    private func decoded(_ text: [UInt8]) -> [UInt8] {
        let encoding = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
        let decoded = [UInt8](unsafeUninitializedCapacity: rapport_gmime_decoded_limit(encoding, text.count)) {
            out, count in
            count = text.withUnsafeBytes { input in
                out.withMemoryRebound(to: CChar.self) { output in
                    rapport_gmime_decode(
                        encoding, input.bindMemory(to: CChar.self).baseAddress, input.count, output.baseAddress)
                }
            }
        }
        return decoded.filter { $0 != 13 }
    }

    /// 76 characters and the CR, after the LF is gone.
    private func isWithinLimit(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: 10, omittingEmptySubsequences: false).allSatisfy { $0.count <= 77 }
    }

    /// Whether GMime put a quoted blank behind the last column that we use.
    private func isOverfull(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: 10).contains { line in
            line.count > 77 || line.count == 77 && line.dropLast().last != UInt8(ascii: "=")
        }
    }

    private func compare(_ text: [UInt8]) {
        let ours = ours(text)
        let gmimes = gmimes(text)
        if !isOverfull(gmimes) {
            #expect(String(decoding: ours, as: UTF8.self) == String(decoding: gmimes, as: UTF8.self))
        }
        #expect(isWithinLimit(ours))
        #expect(decoded(ours) == text)
    }

    @Test("is what GMime makes, byte for byte", arguments: texts)
    func same(text: String) {
        compare(Array(text.utf8))
    }

    @Test("is what GMime makes of two thousand texts of all lengths and mixtures", arguments: [1, 2, 3, 4])
    func generated(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let foreign = Int.random(in: 0...30, using: &generator)
            let text = (0..<Int.random(in: 0...400, using: &generator)).map { _ -> UInt8 in
                if generator.chance(foreign) { return UInt8.random(in: 0...255, using: &generator) }
                if generator.chance(2) { return 10 }
                return generator.chance(15) ? 32 : UInt8.random(in: 0x21...0x7E, using: &generator)
            }
            compare(text.filter { $0 != 13 })
        }
    }

    @Test("a blank at the end of a full line does not make it longer than a line may be")
    func fullLine() {
        let text = Array((String(repeating: "x", count: 74) + " \n").utf8)
        let expected = String(repeating: "x", count: 74) + "=\r\n=20\r\n"
        #expect(String(decoding: ours(text), as: UTF8.self) == expected)
    }
}
