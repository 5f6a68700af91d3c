import RapportYAML
import Testing

@testable import RapportPolicy

@Suite("JSON with places")
struct JSONDocumentTests {
    @Test(
        "texts mean what RFC 8259 says",
        arguments: [
            (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9\uD83D\uDE00é""#, "é😀é"),
            (#""""#, ""),
        ])
    func texts(json: String, expected: String) throws {
        guard case .quoted(let text) = try JSONDocument.parse(json).content else {
            Issue.record("not a text")
            return
        }
        #expect(text == expected)
    }

    @Test("numbers stay as they were written", arguments: ["0", "-0", "12.50", "1e5", "1E-5", "-7", "0.1", "10"])
    func numbers(json: String) throws {
        guard case .plain(let text) = try JSONDocument.parse(" \(json)\n").content else {
            Issue.record("not a number")
            return
        }
        #expect(text == json)
    }

    @Test(
        "what is no JSON is refused where it goes wrong",
        arguments: [
            ("", 1, 1), ("{", 1, 2), ("{}}", 1, 3), ("[1,]", 1, 4), ("{\"a\":1,}", 1, 8), ("{a:1}", 1, 2),
            ("[1 2]", 1, 4),
            ("\n\n [01]", 3, 5), ("[-]", 1, 3), ("[1.]", 1, 4), ("[1e]", 1, 4), ("[.5]", 1, 2), ("[+1]", 1, 2),
            ("nul", 1, 1), ("tru", 1, 1), ("\"a", 1, 3), ("\"\n\"", 1, 2), (#""\x""#, 1, 3), (#""\u12G4""#, 1, 3),
            (#""\uD83D""#, 1, 7), (#""\uD83Dx""#, 1, 7), (#""\uDE00""#, 1, 7), (#""\u1"#, 1, 3), ("'a'", 1, 1),
            ("NaN", 1, 1),
            ("{\"é\":1,\"é\":2}", 1, 8), ("[\"é\",\n x]", 2, 2), ("1 // x", 1, 3),
        ])
    func refused(json: String, line: Int, column: Int) throws {
        let error = try #require(throws: PolicyFileError.self) { try JSONDocument.parse(json) }
        #expect(error.problems.map { [$0.line, $0.column] } == [[line, column]])
    }

    @Test("nesting has an end")
    func nesting() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: PolicyFileError.self) { try JSONDocument.parse(deep) }
    }

    @Test("the nearest word forgives a slip or two, and no more")
    func nearest() {
        let valid = ["quietHours", "calendar", "cap", "gap"]
        #expect(NearestWord.nearest(to: "quiethour", in: valid) == "quietHours")
        #expect(NearestWord.nearest(to: "calender", in: valid) == "calendar")
        #expect(NearestWord.nearest(to: "acp", in: valid) == "cap")
        #expect(NearestWord.nearest(to: "nightly", in: valid) == nil)
        #expect(NearestWord.nearest(to: "", in: valid) == nil)
        #expect(NearestWord.nearest(to: String(repeating: "x", count: 100_000), in: valid) == nil)
    }
}
