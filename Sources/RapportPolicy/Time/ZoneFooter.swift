import RapportCore

/// The rule at the end of a compiled time zone, for instants after its last transition: a POSIX `TZ` string with the
/// extensions of RFC 8536, section 3.3.1 (hours from −167 to 167).
struct ZoneFooter: Hashable, Sendable {
    /// Seconds to add to UTC, the other sign than in the text.
    var standard: Int64
    var daylight: Daylight?

    struct Daylight: Hashable, Sendable {
        var offset: Int64
        var start: ChangeDay
        var end: ChangeDay
    }

    /// When, in a year, clocks change.
    struct ChangeDay: Hashable, Sendable {
        enum Day: Hashable, Sendable {
            /// `Jn`: 1 to 365, never counting 29 February.
            case julian(Int)
            /// `n`: 0 to 365, counting 29 February.
            case zeroBased(Int)
            /// `Mm.w.d`: the w-th (5: last) weekday d (0: Sunday) of month m.
            case weekday(month: Int, week: Int, day: Int)
        }
        var day: Day
        /// Seconds after local midnight; may be negative or more than a day.
        var time: Int64

        /// As a local time, in the offset that holds before the change.
        func local(in year: Int) -> Int64 {
            let newYear = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
            let days =
                switch day {
                case .julian(let number): newYear + number - 1 + (CivilDate.isLeap(year) && number >= 60 ? 1 : 0)
                case .zeroBased(let number): newYear + number
                case .weekday(let month, let week, let weekday):
                    ZoneFooter.day(weekday, week: week, month: month, year: year)
                }
            return Int64(days) * 86400 + time
        }
    }

    private static func day(_ weekday: Int, week: Int, month: Int, year: Int) -> Int {
        let first = CivilDate(year: year, month: month, day: 1)
        let ahead = (weekday - first.weekday % 7 + 7) % 7
        let day = 1 + ahead + (week - 1) * 7
        return first.daysSinceEpoch + (day > CivilDate.daysInMonth(month, of: year) ? day - 8 : day - 1)
    }

    /// The zone that goes by `changes` and then by this rule, forever.
    func extend(name: String, initial: Int64, changes: [(at: Int64, offset: Int64)]) -> Zone {
        // Without transitions the rule holds for all time (section 3.3), and 9999 is the last year with a text form.
        let startYear = changes.last.map { ZoneFooter.year(of: $0.at) } ?? 1
        guard let daylight, startYear <= 9999 else {
            return Zone(
                name: name, initial: changes.isEmpty ? standard : initial, changes: changes, repeats: false)
        }
        var generated: [(at: Int64, offset: Int64)] = []
        for year in (startYear - 1)...(startYear + 402) {
            // The end before the start: when both fall on one instant, daylight saving time simply goes on.
            let end = (at: daylight.end.local(in: year) - daylight.offset, offset: standard)
            let start = (at: daylight.start.local(in: year) - standard, offset: daylight.offset)
            generated += start.at < end.at ? [start, end] : [end, start]
        }
        let last = changes.last?.at
        let ordered = generated.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element).filter { change in last.map { change.at > $0 } ?? true }
        let before = changes.isEmpty ? standard : initial
        return Zone(name: name, initial: before, changes: changes + ordered, repeats: true)
    }

    private static func year(of second: Int64) -> Int {
        let day = min(max(second / 86400, -1_000_000), 4_000_000)
        return CivilDate(daysSinceEpoch: Int(day)).year
    }
}
