import RapportChannels
import Testing

/// RFC 6901, section 5, and what its grammar forbids.
@Suite("JSON Pointer") struct JSONPointerTests {
    let document = """
        {"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}
        """

    @Test(
        "finds the RFC's examples",
        arguments: [
            ("/foo", #"["bar","baz"]"#), ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"),
            ("/e^f", "3"),
            ("/g|h", "4"), ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"),
        ])
    func examples(pointer: String, value: String) throws {
        let json = try JSONReader.read(Array(document.utf8))
        #expect(try #require(JSONPointer(pointer)).find(in: json)?.text == value)
        #expect(try #require(JSONPointer("")).find(in: json) == json)
    }

    @Test(
        "finds nothing where nothing is",
        arguments: [
            "/nope", "/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/-1", "/foo/+1", "/foo/ 0",
            "/foo/99999999999999999999",
            "/foo/0/x", "/foo/", "//",
        ])
    func nothing(pointer: String) throws {
        let json = try JSONReader.read(Array(document.utf8))
        #expect(try #require(JSONPointer(pointer)).find(in: json) == nil)
    }

    @Test("is refused when it is none", arguments: ["foo", "foo/bar", "/~", "/~2", "/a~", "#/foo", "$.foo"])
    func malformed(pointer: String) {
        #expect(JSONPointer(pointer) == nil)
    }
}
