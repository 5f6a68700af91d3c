import Testing

@testable import RapportSQLite

@Suite("Reading flat JSON")
struct PlainStringsTests {
    @Test(
        "what is written comes back",
        arguments: [
            [], [""], ["a", "b"], ["é", "日本", "a,b", "a:b", "[x]", "{}"], ["\"", "\\", "\n", "\u{7f}", "a\u{0}b"],
        ])
    func lists(texts: [String]) throws {
        #expect(try FlatJSON.strings(FlatJSON.encode(texts)) == texts)
        let pairs = Dictionary(texts.map { ($0, $0 + "=") }, uniquingKeysWith: { first, _ in first })
        #expect(try FlatJSON.map(FlatJSON.encode(pairs)) == pairs)
    }

    @Test(
        "anything but plain strings is left to a real parser",
        arguments: [
            "", "[", "[]]", "[\"a\"", "[\"a]", "[a]", "[\"a\",]", "[,\"a\"]", "[\"a\" ,\"b\"]", "[\"a\"\"b\"]", "[1]",
            "[\"a\\n\"]", "[\"a\n\"]", "[\"a\":\"b\"]", " [\"a\"]",
        ])
    func refused(text: String) {
        #expect(PlainStrings.read(text, open: "[", close: "]") == nil)
    }

    @Test("a map needs a value for each name", arguments: ["{\"a\",\"b\"}", "{\"a\":\"b\":\"c\"}"])
    func refusedMaps(text: String) {
        #expect(PlainStrings.read(text, open: "{", close: "}") == nil)
        #expect(throws: (any Error).self) { try FlatJSON.map(text) }
    }

    @Test("a damaged map is an error and not an empty one")
    func damaged() {
        #expect(throws: (any Error).self) { try FlatJSON.map("{\"a\"}") }
    }
}
