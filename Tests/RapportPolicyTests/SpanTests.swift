import RapportCore
import Testing

@testable import RapportPolicy

@Suite("How far back a rule looks")
struct SpanTests {
    @Test(
        "exact times and calendar steps are read",
        arguments: [
            ("90s", Span.exact(milliseconds: 90_000)), ("15m", .exact(milliseconds: 900_000)),
            ("4h", .exact(milliseconds: 14_400_000)), ("7d", .exact(milliseconds: 604_800_000)),
            ("6mo", .months(6)), ("2y", .months(24)), ("forever", .forever),
            ("36525d", .exact(milliseconds: 3_155_760_000_000)),
        ])
    func read(text: String, expected: Span) {
        #expect(Span(text) == expected)
    }

    @Test(
        "nothing else is",
        arguments: [
            "", "d", "7", "7 d", " 7d", "7d ", "-7d", "+7d", "0s", "0mo", "1.5h", "1h30m", "7D", "7days", "36526d",
            "101y",
            "1201mo", "99999999999s", "9999999999d", "Forever", "7w", "٧d",
        ])
    func refused(text: String) {
        #expect(Span(text) == nil)
    }

    @Test(
        "steps of the calendar go by UTC and clamp the day",
        arguments: [
            ("2026-03-31T10:20:30.456Z", "1mo", "2026-02-28T10:20:30.456Z"),
            ("2024-03-31T00:00:00Z", "1mo", "2024-02-29T00:00:00Z"),
            ("2024-02-29T23:59:59.999Z", "1y", "2023-02-28T23:59:59.999Z"),
            ("2026-01-15T00:00:00Z", "1mo", "2025-12-15T00:00:00Z"),
            ("2026-01-31T00:00:00Z", "2mo", "2025-11-30T00:00:00Z"),
            ("2026-06-15T04:00:00Z", "24mo", "2024-06-15T04:00:00Z"),
            ("1969-12-31T23:59:59.999Z", "12mo", "1968-12-31T23:59:59.999Z"),
            ("2026-06-15T04:00:00Z", "7d", "2026-06-08T04:00:00Z"),
        ])
    func start(now: String, span: String, expected: String) {
        #expect(Span(span)?.start(before: Samples.instant(now)) == Samples.instant(expected))
    }

    @Test("forever has no beginning")
    func forever() {
        #expect(Span.forever.start(before: Samples.noon) == nil)
    }
}
