import RapportCore
import Testing

@testable import RapportSQLite

@Suite("Effects as text")
struct EffectTextTests {
    private static let odd = "two\nlines, \"quotes\", \\ and \u{1} – Ärger 退订"
    private static let at = Timestamp(milliseconds: 1_790_000_000_123)

    static let effects: [Effect] = [
        .customerCreated(CustomerID(17)),
        .profileSet(CustomerID(17), Customer.Profile()),
        .profileSet(
            CustomerID(17),
            Customer.Profile(name: odd, language: "zh-CN", timeZone: "Asia/Shanghai", household: "h1", owner: "eve")),
        .profileSet(
            CustomerID(17),
            Customer.Profile(
                name: "Ana", tags: ["vip"], attributes: ["shoe": "38"], quietHours: QuietHours(from: 0, to: 60),
                pausedUntil: at)),
        .profileSet(CustomerID(17), Customer.Profile(name: "", owner: "")),
        .dispatchAdvanced(DispatchID(9), .delivered),
        .responded(CustomerID(17), campaign: "spring sale 退"),
        .responded(CustomerID(17), campaign: odd),
        // A mark makes one character of itself and the blank before it.
        .responded(CustomerID(17), campaign: "\u{301}spring"),
        .followUpOpened(
            FollowUp(id: FollowUpID(3), customer: CustomerID(17), kind: "message", summary: odd, openedAt: at)),
        .followUpOpened(
            FollowUp(
                id: FollowUpID(3), customer: CustomerID(17), kind: "callback", state: .closed, summary: "",
                owner: "eve", openedAt: at, dueAt: at.adding(seconds: 60), closedAt: at, resolution: odd,
                conversation: "m9")),
        .conversationNamed("m9", keys: ["<1@example.com>", odd, ""]),
        .conversationNamed("m9", keys: []),
        .identityConflicted(CustomerID(17), with: [CustomerID(42), CustomerID(43)]),
        .merged(from: CustomerID(1), into: CustomerID(2)),
    ]

    @Test("read back what was written, one a line", arguments: effects)
    func roundTrip(effect: Effect) throws {
        let text = try #require(try EffectText.encode([effect]))
        #expect(!text.contains("\n"))
        #expect(try EffectText.decode(text) == [effect])
    }

    @Test("read back all of them from one text")
    func together() throws {
        #expect(try EffectText.decode(EffectText.encode(Self.effects)) == Self.effects)
    }

    @Test("are read in the form that earlier versions wrote")
    func earlier() throws {
        let text = """
            {"responded":{"_0":"c17","campaign":"spring"}}
            {"conversationNamed":{"_0":"m9","keys":["<1@x>"]}}
            {"profileSet":{"_0":"c17","_1":{"attributes":{},"name":"Ana","tags":[]}}}
            {"followUpOpened":{"_0":{"customer":"c17","id":"f3","kind":"message","openedAt":"2026-03-28T22:30:00Z",\
            "state":"open","summary":"Hello"}}}
            """
        let opened = try #require(Timestamp(rfc3339: "2026-03-28T22:30:00Z"))
        #expect(
            try EffectText.decode(text) == [
                .responded(CustomerID(17), campaign: "spring"), .conversationNamed("m9", keys: ["<1@x>"]),
                .profileSet(CustomerID(17), Customer.Profile(name: "Ana")),
                .followUpOpened(
                    FollowUp(
                        id: FollowUpID(3), customer: CustomerID(17), kind: "message", summary: "Hello", openedAt: opened
                    )),
            ])
    }

    @Test(
        "are refused when they are in no form that was ever written",
        arguments: ["X1", "F{}", "F{\"id\":\"1\"}", "N[]", "P17", "P{}", "D9 lost", "R"])
    func refused(text: String) {
        #expect(throws: (any Error).self) { try EffectText.decode(text) }
    }
}
