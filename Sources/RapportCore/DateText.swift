/// The text of a date and a time, written byte by byte: a log shows thousands of them a second.
struct DateText {
    /// More than the longest needs: a year beyond the four digits that all but the oddest have.
    private static let capacity = 48

    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    static func text(_ write: (inout DateText) -> Void) -> String {
        String(unsafeUninitializedCapacity: capacity) { bytes in
            var text = DateText(bytes: bytes)
            write(&text)
            return text.count
        }
    }

    private init(bytes: UnsafeMutableBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func put(_ byte: Unicode.Scalar) {
        bytes.initializeElement(at: count, to: UInt8(ascii: byte))
        count += 1
    }

    mutating func put(_ text: String) {
        for byte in text.utf8 {
            bytes.initializeElement(at: count, to: byte)
            count += 1
        }
    }

    mutating func put(digit: Int) {
        bytes.initializeElement(at: count, to: 48 + UInt8(digit))
        count += 1
    }

    mutating func put(twoDigits number: Int) {
        put(digit: number / 10)
        put(digit: number % 10)
    }

    mutating func put(year: Int) {
        guard (0...9999).contains(year) else { return put(String(year)) }
        put(twoDigits: year / 100)
        put(twoDigits: year % 100)
    }

    /// `22:30:00`
    mutating func put(secondOfDay second: Int) {
        put(twoDigits: second / 3600)
        put(":")
        put(twoDigits: second / 60 % 60)
        put(":")
        put(twoDigits: second % 60)
    }
}

extension Timestamp {
    /// The date in UTC, and the seconds since it began.
    var civil: (date: CivilDate, secondOfDay: Int) {
        let total = seconds
        let days = total >= 0 ? total / 86400 : (total - 86399) / 86400
        return (CivilDate(daysSinceEpoch: Int(days)), Int(total - days * 86400))
    }
}
