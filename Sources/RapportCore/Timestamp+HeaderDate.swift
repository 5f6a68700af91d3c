extension Timestamp {
    /// How a header says that a date is in UTC.
    package enum HeaderZone: String, Sendable {
        /// RFC 5322, section 3.3.
        case mail = "+0000"
        /// RFC 9110, section 5.6.7.
        case http = "GMT"
    }

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sat, 28 Mar 2026 22:30:00 +0000`: the date as headers of mails and of HTTP write it.
    package func headerDate(_ zone: HeaderZone) -> String {
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let date = CivilDate(daysSinceEpoch: Int(days))
        let ofDay = Int(seconds - days * 86400)
        let time = [ofDay / 3600, ofDay / 60 % 60, ofDay % 60].map { Self.padded($0, 2) }.joined(separator: ":")
        let day = Self.padded(date.day, 2)
        let month = Self.months[date.month - 1]
        return
            "\(Self.weekdays[date.weekday - 1]), \(day) \(month) \(Self.padded(date.year, 4)) \(time) \(zone.rawValue)"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - "\(number)".utf8.count)) + "\(number)"
    }
}
