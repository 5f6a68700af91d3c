import RapportCore

/// A day, week or month of a local calendar. Weeks start on Monday.
enum LocalPeriod: String, Sendable, CaseIterable {
    case day
    case week
    case month

    /// The local times of the period that a local time is in.
    func span(aroundLocal local: Int64) -> Range<Int64> {
        let day = LocalClock.day(ofLocal: local)
        let first: Int64
        let length: Int64
        switch self {
        case .day:
            first = day
            length = 1
        case .week:
            first = day - Int64(LocalPeriod.weekday(day) - 1)
            length = 7
        case .month:
            let date = CivilDate(daysSinceEpoch: Int(day))
            first = day - Int64(date.day - 1)
            length = Int64(CivilDate.daysInMonth(date.month, of: date.year))
        }
        return first * 86400..<(first + length) * 86400
    }

    /// 1 is Monday, 7 is Sunday; 1970-01-01 was a Thursday.
    static func weekday(_ day: Int64) -> Int {
        Int(((day + 3) % 7 + 7) % 7) + 1
    }
}
