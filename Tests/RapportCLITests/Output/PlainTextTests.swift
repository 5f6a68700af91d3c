import Testing

@testable import RapportCLI

@Suite("Text of others on a terminal")
struct PlainTextTests {
    private static let hostile = "a\u{1B}[2J\u{7F}\u{9B}2J\u{202E}b\nc"

    @Test("is one line without a control character")
    func line() {
        #expect(PlainText.line(Self.hostile) == "a [2J  2J b c")
    }

    @Test("keeps its lines where they are wanted")
    func lines() {
        #expect(PlainText.lines(Self.hostile) == "a [2J  2J b\nc")
    }
}
