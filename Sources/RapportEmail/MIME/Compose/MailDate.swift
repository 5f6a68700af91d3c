import RapportCore

/// Dates as headers write them (RFC 5322, section 3.3), always in UTC.
enum MailDate {
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sat, 28 Mar 2026 22:30:00 +0000`
    static func text(_ moment: Timestamp) -> String {
        let seconds = moment.seconds
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let date = CivilDate(daysSinceEpoch: Int(days))
        let ofDay = Int(seconds - days * 86400)
        let time = "\(two(ofDay / 3600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60))"
        let year = String(repeating: "0", count: max(0, 4 - "\(date.year)".utf8.count)) + "\(date.year)"
        return "\(weekdays[date.weekday - 1]), \(date.day) \(months[date.month - 1]) \(year) \(time) +0000"
    }

    private static func two(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
