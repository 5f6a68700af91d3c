import RapportChannels
import Testing

@Suite("Text from outside as it is kept")
struct StorableTextTests {
    private static let marks = String(repeating: "\u{301}\u{323}", count: 50_000)

    @Test("marks without end on one character are cut in names and values, of JSON and of forms")
    func marks() throws {
        let json = try JSONReader.read(Array("{\"a\(Self.marks)\": \"b\(Self.marks)c\"}".utf8))
        guard case .object(let members) = json, case .string(let text) = members[0].value else {
            Issue.record("not an object with a text")
            return
        }
        #expect(members[0].name.unicodeScalars.count == 31)
        #expect(text.unicodeScalars.count == 32 && text.hasSuffix("c"))
        let form = try FormFields(Array("a\(Self.marks)=b\(Self.marks)".utf8), place: "form")
        #expect(form.fields[0].name.unicodeScalars.count == 31)
        #expect(try form.text(form.fields[0].name)?.unicodeScalars.count == 31)
    }

    @Test(
        "what people write stays as it is",
        arguments: ["", "plain", "é e\u{301}", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A", "กี่", "한국어", "नमस्ते", "👩‍👩‍👧"])
    func kept(text: String) {
        #expect(text.storable.unicodeScalars.elementsEqual(text.unicodeScalars))
        #expect(text.isStreamSafe && !"\(text)\(Self.marks)".isStreamSafe)
    }

    @Test("no NUL is kept")
    func withoutNUL() {
        #expect("a\0b".storable == "a\u{FFFD}b")
    }
}
