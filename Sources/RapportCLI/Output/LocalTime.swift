import Foundation
import RapportCore

/// Instants as people at this machine read them; JSON always has RFC 3339 in UTC.
enum LocalTime {
    /// `2026-06-16 08:00`, in the machine's time zone.
    static func minute(_ at: Timestamp, in zone: TimeZone = .current) -> String {
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(at.seconds)))
        let text = at.adding(seconds: Int64(offset)).rfc3339
        return text.prefix(10) + " " + text.dropFirst(11).prefix(5)
    }

    /// `2026-06-16 08:00 +08:00`, where the zone matters.
    static func zoned(_ at: Timestamp, in zone: TimeZone = .current) -> String {
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(at.seconds)))
        let minutes = abs(offset) / 60
        let hours = minutes / 60 < 10 ? "0\(minutes / 60)" : "\(minutes / 60)"
        let rest = minutes % 60 < 10 ? "0\(minutes % 60)" : "\(minutes % 60)"
        return "\(minute(at, in: zone)) \(offset < 0 ? "-" : "+")\(hours):\(rest)"
    }
}
