import Testing

@testable import RapportEmail

@Suite("Bounces written for people")
struct FailureTextTests {
    @Test("are looked for in the beginning of a text only")
    func longNotice() {
        let sentence = " could not be delivered to: ana@example.com"
        #expect(FailureText(String(repeating: "x", count: 60_000) + sentence, subject: "") != nil)
        #expect(FailureText(String(repeating: "x", count: 70_000) + sentence, subject: "") == nil)
    }

    @Test("a reason that a recipient's own lines give counts before the notice's")
    func reasons() throws {
        let text = """
            The mail could not be delivered. 550 5.1.1 user unknown

            ana@example.com
            mailbox is full
            bo@example.com
            """
        let failure = try #require(FailureText(text, subject: ""))
        #expect(failure.notices(known: [], own: [], limit: 200).map(\.code) == ["5.2.2", "5.1.1"])
    }

    @Test("what is said of a recipient beyond the limit is not said of the last within it", arguments: [true, false])
    func beyondLimit(isKnown: Bool) throws {
        let text = """
            The mail could not be delivered.

            ana@example.com
            mailbox is full
            bo@example.com
            550 5.1.1 user unknown
            """
        let failure = try #require(FailureText(text, subject: ""))
        let known = isKnown ? ["ana@example.com", "bo@example.com"] : []
        let notices = failure.notices(known: known, own: [], limit: 1)
        #expect(notices.map(\.recipient) == ["ana@example.com"])
        #expect(notices.map(\.code) == ["5.2.2"])
    }
}
