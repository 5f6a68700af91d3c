import RapportChannels
import Testing

@Suite("Reading JSON") struct JSONReaderTests {
    private func read(_ text: String) throws -> JSONValue {
        try JSONReader.read(Array(text.utf8))
    }

    @Test(
        "reads what RFC 8259 allows and writes it back",
        arguments: [
            "null", "true", "[]", "{}", "0", "-0", "1.5e+10", "123456789012345678901234567890", #""a\"b\\c/\n""#,
            #"{"b":[1,{"a":null}],"a":""}"#, #""你好 😜""#, "1e999",
        ])
    func roundTrip(text: String) throws {
        #expect(try read(text).text == text)
        #expect(try read(" \r\n\t\(text) \n").text == text)
    }

    @Test("writes nothing that a terminal would act on")
    func controls() throws {
        #expect(
            JSONValue.string("a\u{1B}[2J\u{7F}\u{9B}2J é\u{80}\u{9F}\u{A0}").text
                == "\"a\\u001b[2J\\u007f\\u009b2J é\\u0080\\u009f\u{A0}\"")
    }

    @Test("unfolds escapes")
    func escapes() throws {
        #expect(try read(#""\u4f60\u597D\ud83d\uDE1C\b\f\/""#).string == "你好😜\u{08}\u{0C}/")
        #expect(try read(#""a\u0000b""#).string == "a\u{FFFD}b")
    }

    @Test(
        "says where and what is wrong, and never what stands there",
        arguments: [
            ("", "line 1, column 1: expected a value"), ("  \n ", "line 2, column 2: expected a value"),
            ("{\n  \"a\": 1,\n  \"b\" 2\n}", "line 3, column 7: expected :"),
            ("[1,]", "line 1, column 4: expected a value"), ("[1 2]", "line 1, column 4: expected , or ]"),
            ("{\"a\":1,}", "line 1, column 8: expected a name in quotes"),
            ("{'a':1}", "line 1, column 2: expected a name in quotes"),
            ("{\"a\":1 \"b\":2}", "line 1, column 8: expected , or }"), ("01", "line 1, column 2: expected the end"),
            ("-", "line 1, column 2: expected a digit"), ("1.", "line 1, column 3: expected a digit"),
            ("+1", "line 1, column 1: expected a value"), (".5", "line 1, column 1: expected a value"),
            ("1e", "line 1, column 3: expected a digit"), ("NaN", "line 1, column 1: expected a value"),
            ("truth", "line 1, column 1: expected a value"), ("nul", "line 1, column 1: expected a value"),
            ("\"abc", "line 1, column 5: expected the end of a string"),
            ("\"a\tb\"", "line 1, column 3: a control character in a string"),
            ("\"a\u{0}b\"", "line 1, column 3: a control character in a string"),
            ("\u{0}", "line 1, column 1: expected a value"), ("{}\u{0}", "line 1, column 3: expected the end"),
            (#""\x""#, "line 1, column 2: an unknown escape"),
            (#""\ud83d""#, "line 1, column 2: expected \\u and the four hex digits of a character"),
            (#""\ude1c""#, "line 1, column 2: expected \\u and the four hex digits of a character"),
            (#""\ud83d\u0041""#, "line 1, column 2: expected \\u and the four hex digits of a character"),
            (#""\u12g4""#, "line 1, column 2: expected \\u and the four hex digits of a character"),
            (#""\u+123""#, "line 1, column 2: expected \\u and the four hex digits of a character"),
            (#"{"a":1,"a":2}"#, "line 1, column 8: the same name a second time"),
            (#"{"a":1,"\u0061":2}"#, "line 1, column 8: the same name a second time"),
            ("{} {}", "line 1, column 4: expected the end"), ("\u{FEFF}{}", "line 1, column 1: expected a value"),
            ("[1] // note", "line 1, column 5: expected the end"),
            (#""digits": "0276""#, "line 1, column 9: expected the end"),
        ])
    func malformed(text: String, detail: String) {
        #expect(throws: InboundRejection(.malformed, detail)) { try read(text) }
    }

    @Test("bytes that are not UTF-8 are refused", arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]])
    func invalidUTF8(bytes: [UInt8]) {
        let text = [UInt8(ascii: "["), UInt8(ascii: "\"")] + bytes + Array("\"]".utf8)
        #expect(throws: InboundRejection(.malformed, "line 1, column 2: a string that is not UTF-8")) {
            try JSONReader.read(text)
        }
    }

    @Test("a million brackets cost an error and no stack")
    func deep() {
        for open in ["[", "{\"a\":"] {
            let text = String(repeating: open, count: 1_000_000)
            let error = #expect(throws: InboundRejection.self) { try read(text) }
            #expect(error?.detail.hasSuffix("nested deeper than 64") == true)
        }
    }

    @Test("depth 64 is still read")
    func deepest() throws {
        let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try read(text).text == text)
    }

    @Test(
        "tells where the items of an array stand, whatever lies beside the way to it",
        arguments: [
            ("", " [ 1 , {\"a\": [2]} ] ", ["1", "{\"a\": [2]}"]), ("", "[]", []), ("", "{\"a\":[1]}", []),
            ("/a", #"{"b":[7],"a": ["x\u0041" ,[ ]],"c":{"a":[8]}}"#, [#""x\u0041""#, "[ ]"]),
            ("/a/b", #"{"a":{"a":{"b":[1]},"c":[2],"b":[3]},"b":[4],"d":{"b":[5]}}"#, ["3"]),
            ("/1/a", #"[{"a":[0]},{"a":[1,2]},{"a":[3]}]"#, ["1", "2"]), ("/a", #"{"a":3}"#, []),
            ("/a/b/c", #"{"a":[]}"#, []),
            ("/a~1b", #"{"a\/b":[1]}"#, ["1"]), ("/0/0", "[[[1, 2]],[[3]]]", ["1", "2"]),
        ])
    func items(place: String, text: String, expected: [String]) throws {
        let bytes = Array(text.utf8)
        let list = try #require(JSONPointer(place))
        let (value, items) = try JSONReader.read(bytes, itemsAt: list)
        #expect(try value == read(text))
        #expect(items.map { String(decoding: bytes[$0], as: UTF8.self) } == expected)
    }

    @Test("a number of a thousand digits is the longest")
    func longNumbers() throws {
        let digits = String(repeating: "9", count: 1000)
        #expect(try read(digits).scalarText == digits)
        #expect(throws: InboundRejection.self) { try read(digits + "9") }
        #expect(try read(digits).integer == nil)
        #expect(try read("9007199254740993").integer == 9_007_199_254_740_993)
        #expect(try read("1.0").integer == nil)
    }
}
