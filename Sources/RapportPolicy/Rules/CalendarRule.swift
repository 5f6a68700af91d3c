import RapportCore

/// `calendar: { closed: [sat, sun], dates: ["2026-10-01"] }`: not on closed local dates.
struct CalendarRule: FileRule {
    static let word = "calendar"
    static let keys = ["closed", "dates", "onHit"]

    /// Closed dates in a row that are looked through; more than the ninety days that a request may wait.
    private static let longestClosure = 100

    let name = RuleName.calendar
    let narrowing: Narrowing
    let onHit: HitAction
    let summary: String
    /// By number, Monday first; the one at 0 is not used.
    private let isClosedWeekday: [Bool]
    private let closedDays: Set<Int64>

    init?(_ fields: FieldReader, narrowing: Narrowing) {
        let weekdays = fields.weekdays("closed")
        let dates = fields.dates("dates")
        guard let onHit = fields.onHit(), let weekdays, let dates else { return nil }
        isClosedWeekday = (0...7).map { number in weekdays.contains { $0.number == number } }
        closedDays = Set(dates.map { Int64($0.daysSinceEpoch) })
        self.onHit = onHit
        self.narrowing = narrowing
        let days = closedDays.count == 1 ? "1 date" : "\(closedDays.count) dates"
        let words = weekdays.map(\.rawValue) + (dates.isEmpty ? [] : [days])
        summary = words.isEmpty ? "open every day" : "closed on " + words.joined(separator: ", ")
    }

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        let clock = situation.clock
        guard isClosed(clock.day(now.seconds)) else { return .pass }
        var second = now.seconds
        for _ in 0..<CalendarRule.longestClosure {
            let day = clock.day(second)
            guard isClosed(day) else { return .objects(until: Timestamp(seconds: second)) }
            second = clock.firstInstant(outside: day * 86400..<(day + 1) * 86400, from: second)
        }
        return .objects(until: nil)
    }

    func note(_ situation: Situation, at now: Timestamp, _ judgement: Judgement) -> String {
        situation.isZoneReplaced ? summary + situation.zoneRemark : summary
    }

    private func isClosed(_ day: Int64) -> Bool {
        isClosedWeekday[LocalPeriod.weekday(day)] || (!closedDays.isEmpty && closedDays.contains(day))
    }
}
