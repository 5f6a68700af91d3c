import Testing

@testable import RapportCLI

@Suite("Numbers of things")
struct SpokenCountTests {
    @Test("one of them has no s", arguments: [(0, "0 mails"), (1, "1 mail"), (2, "2 mails")])
    func regular(number: Int, text: String) {
        #expect(Spoken.count(number, "mail") == text)
    }

    @Test("a plural may be another word", arguments: [(1, "1 address"), (3, "3 addresses")])
    func irregular(number: Int, text: String) {
        #expect(Spoken.count(number, "address", "addresses") == text)
    }
}
