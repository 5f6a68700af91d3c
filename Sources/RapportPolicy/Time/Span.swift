package import RapportCore

/// How far back a rule looks, as the policy file writes it: `90s`, `15m`, `4h`, `7d`, `6mo`, `2y`, `forever`.
package enum Span: Hashable, Sendable {
    /// A day is 24 hours.
    case exact(milliseconds: Int64)
    /// Steps of the calendar in UTC; the day is clamped to the month's length.
    case months(Int)
    case forever

    /// The instant that is this far before `now`; `nil`: there is none, all the past is near enough.
    package func start(before now: Timestamp) -> Timestamp? {
        switch self {
        case .exact(let milliseconds): now.adding(milliseconds: -milliseconds)
        case .months(let months): Span.back(months, from: now)
        case .forever: nil
        }
    }

    private static func back(_ months: Int, from now: Timestamp) -> Timestamp {
        let moment = UTCMoment(now)
        return UTCMoment(day: back(months, fromDay: moment.day), millisecond: moment.millisecond).timestamp
    }

    private static func back(_ months: Int, fromDay day: Int) -> Int {
        let date = CivilDate(daysSinceEpoch: day)
        let month = date.year * 12 + date.month - 1 - months
        let year = month >= 0 ? month / 12 : (month - 11) / 12
        let length = CivilDate.daysInMonth(month - year * 12 + 1, of: year)
        return CivilDate(year: year, month: month - year * 12 + 1, day: min(date.day, length)).daysSinceEpoch
    }
}

/// A timestamp taken apart into a day in UTC and the time of that day.
private struct UTCMoment {
    var day: Int
    var millisecond: Int64

    init(day: Int, millisecond: Int64) {
        self.day = day
        self.millisecond = millisecond
    }

    init(_ timestamp: Timestamp) {
        let total = timestamp.milliseconds
        let days = total >= 0 ? total / 86_400_000 : (total - 86_399_999) / 86_400_000
        self.init(day: Int(days), millisecond: total - days * 86_400_000)
    }

    var timestamp: Timestamp { Timestamp(milliseconds: Int64(day) * 86_400_000 + millisecond) }
}
