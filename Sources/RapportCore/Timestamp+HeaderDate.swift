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
        let (date, secondOfDay) = civil
        return DateText.text { text in
            text.put(Self.weekdays[date.weekday - 1])
            text.put(", ")
            text.put(twoDigits: date.day)
            text.put(" ")
            text.put(Self.months[date.month - 1])
            text.put(" ")
            text.put(year: date.year)
            text.put(" ")
            text.put(secondOfDay: secondOfDay)
            text.put(" ")
            text.put(zone.rawValue)
        }
    }
}
