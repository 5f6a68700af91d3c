extension ZoneFooter {
    /// Reads `CET-1CEST,M3.5.0,M10.5.0/3` and its like (POSIX.1-2017, section 8.3; RFC 8536, section 3.3.1).
    ///
    /// `nil` for anything else, also for a daylight saving time without its dates, which POSIX leaves to the system.
    init?(_ text: [UInt8]) {
        var cursor = Cursor(rest: text[...])
        guard cursor.name(), let west = cursor.time(limit: 24) else { return nil }
        standard = -west
        guard !cursor.isAtEnd else { return }
        guard cursor.name() else { return nil }
        var offset = standard + 3600
        if cursor.rest.first != UInt8(ascii: ",") {
            guard let west = cursor.time(limit: 24) else { return nil }
            offset = -west
        }
        guard cursor.skip(","), let start = cursor.changeDay(), cursor.skip(","), let end = cursor.changeDay(),
            cursor.isAtEnd
        else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    private struct Cursor {
        var rest: ArraySlice<UInt8>

        var isAtEnd: Bool { rest.isEmpty }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        /// Three letters or more, or anything between angle brackets.
        mutating func name() -> Bool {
            if skip("<") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
                rest = rest[(end + 1)...]
                return true
            }
            let letters = rest.prefix { (65...90).contains($0) || (97...122).contains($0) }
            rest = rest.dropFirst(letters.count)
            return letters.count >= 3
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { (48...57).contains($0) }
            guard (1...3).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
            return range.contains(value) ? value : nil
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time(limit hours: Int) -> Int64? {
            let sign = skip("-") ? -1 : 1
            if sign == 1 { _ = skip("+") }
            guard var value = number(0...hours).map({ $0 * 3600 }) else { return nil }
            if skip(":") {
                guard let minutes = number(0...59) else { return nil }
                value += minutes * 60
                if skip(":") {
                    guard let seconds = number(0...59) else { return nil }
                    value += seconds
                }
            }
            return Int64(sign * value)
        }

        mutating func changeDay() -> ChangeDay? {
            guard let day = day() else { return nil }
            guard skip("/") else { return ChangeDay(day: day, time: 2 * 3600) }
            return time(limit: 167).map { ChangeDay(day: day, time: $0) }
        }

        private mutating func day() -> ChangeDay.Day? {
            if skip("J") { return number(1...365).map { .julian($0) } }
            guard skip("M") else { return number(0...365).map { .zeroBased($0) } }
            guard let month = number(1...12), skip("."), let week = number(1...5), skip("."), let day = number(0...6)
            else { return nil }
            return .weekday(month: month, week: week, day: day)
        }
    }
}
