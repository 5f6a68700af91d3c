extension Timestamp {
    /// The instants that have a text form: those whose year in UTC has four digits and is not 0.
    package static let textual = Timestamp(seconds: -62_135_596_800)..<Timestamp(seconds: 253_402_300_800)

    /// Reads `2026-03-28T22:30:00Z`, with an optional fraction and `Z` or a numeric offset (RFC 3339, section 5.6).
    ///
    /// `nil` for anything else: a missing offset, a date that does not exist, an instant outside the years 1 to 9999,
    /// be it that its offset puts it there. A leap second (`:60`) is read as the following second, as POSIX time does.
    package init?(rfc3339 text: String) {
        guard let instant = Timestamp(text, yearDigits: 4...4), Timestamp.textual.contains(instant) else { return nil }
        self = instant
    }

    private init?(_ text: String, yearDigits: ClosedRange<Int>) {
        var reader = DigitReader(text)
        guard let year = reader.number(digits: yearDigits), reader.take("-"),
            let month = reader.number(digits: 2), reader.take("-"),
            let day = reader.number(digits: 2), reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(digits: 2), reader.take(":"),
            let minute = reader.number(digits: 2), reader.take(":"),
            let second = reader.number(digits: 2),
            let fraction = reader.fraction(),
            let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        guard date.isValid, hour < 24, minute < 60, second <= 60 else { return nil }
        let seconds = Int64(date.daysSinceEpoch) * 86400 + Int64(hour * 3600 + minute * 60 + second - offset)
        self.init(milliseconds: seconds * 1000 + Int64(fraction))
    }

    /// `2026-03-28T22:30:00Z`; milliseconds are written only when there are any.
    package var rfc3339: String {
        let (date, secondOfDay) = civil
        let rest = Int(milliseconds - seconds * 1000)
        return DateText.text { text in
            text.put(year: date.year)
            text.put("-")
            text.put(twoDigits: date.month)
            text.put("-")
            text.put(twoDigits: date.day)
            text.put("T")
            text.put(secondOfDay: secondOfDay)
            if rest > 0 {
                text.put(".")
                text.put(digit: rest / 100)
                text.put(twoDigits: rest % 100)
            }
            text.put("Z")
        }
    }
}

extension Timestamp: CustomStringConvertible {
    package var description: String { rfc3339 }
}

extension Timestamp: Codable {
    /// Reads back whatever was written, also an instant just outside the years that `init(rfc3339:)` takes: what stands in
    /// a log must stay readable, whoever let it in.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Timestamp(text, yearDigits: 4...6) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected an instant such as 2026-03-28T22:30:00Z")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339)
    }
}

/// Walks over the bytes of a date and time; each step moves on only when it finds what it wants.
private struct DigitReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { index == bytes.count }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func number(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let byte = next, (48...57).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 48)
            index += 1
        }
        return value
    }

    /// A number of as many digits as there are, when that is a number within `range`.
    mutating func number(digits range: ClosedRange<Int>) -> Int? {
        let count = bytes[index...].prefix { (48...57).contains($0) }.count
        return range.contains(count) ? number(digits: count) : nil
    }

    /// Milliseconds of an optional fraction of any length; further digits are cut off.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        guard var value = number(digits: 1) else { return nil }
        var digits = 1
        while let next = number(digits: 1) {
            digits += 1
            if digits <= 3 { value = value * 10 + next }
        }
        for _ in digits..<max(digits, 3) { value *= 10 }
        return value
    }

    /// Seconds east of UTC.
    mutating func offset() -> Int? {
        if take("Z") || take("z") { return 0 }
        let sign = take("-") ? -1 : 1
        guard sign == -1 || take("+"), let hours = number(digits: 2), take(":"), let minutes = number(digits: 2),
            hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
