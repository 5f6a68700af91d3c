import RapportChannels
import RapportCore
import Testing

@testable import RapportHub

@Suite("What a follow-up is about")
struct FollowUpSummaryTests {
    @Test(
        "is the subject, or the beginning of the text, on one line",
        arguments: [
            ("Where is\r\nmy order?", "", "Where is my order?"),
            ("", "  Dear all,\n\n\tplease\u{0B}call \r\n", "Dear all, please call"),
            ("", "Wo  ist\u{A0}meine\u{2028}Bestellung für Ana\u{308}?", "Wo ist meine Bestellung für Ana\u{308}?"),
            ("", String(repeating: "ab ", count: 300), String(repeating: "ab ", count: 40)),
            ("", String(repeating: "äb ", count: 300), String(repeating: "äb ", count: 40)),
            ("", String(repeating: "x", count: 399) + "é", String(repeating: "x", count: 120)),
            ("", " \n ", ""), ("", "", "message.received"),
        ])
    func summary(subject: String, text: String, expected: String) {
        let event = InboundEvent(kind: .messageReceived, channel: .email, subject: subject, text: text)
        #expect(event.wantedFollowUp?.summary == expected)
    }
}
