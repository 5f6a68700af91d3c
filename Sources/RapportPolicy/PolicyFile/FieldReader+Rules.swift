import RapportCore
import RapportYAML

/// The kinds of values that rules are made of.
extension FieldReader {
    /// `within`: exact, by the calendar, or `forever`. The text goes into notes.
    func span(_ key: String) -> (span: Span, text: String)? {
        let expected = "a time such as 90s, 15m, 4h, 7d, 6mo, 2y, or forever"
        guard let node = required(key, expected) else { return nil }
        guard case .plain(let text) = unquoted(node).content, let span = Span(text) else {
            return mismatch(node, place(key), expected)
        }
        return (span, text)
    }

    /// `min`: exact.
    func exactSpan(_ key: String) -> (milliseconds: Int64, text: String)? {
        let expected = "an exact time such as 90s, 15m, 4h or 7d"
        guard let node = required(key, expected) else { return nil }
        guard case .plain(let text) = unquoted(node).content, case .exact(let milliseconds) = Span(text) else {
            return mismatch(node, place(key), expected)
        }
        return (milliseconds, text)
    }

    /// `per` of a cap: exact, or a period of the recipient's calendar.
    func window(_ key: String) -> (window: CapRule.Window, text: String)? {
        let expected = "an exact time such as 4h or 7d, or day, week or month"
        guard let node = required(key, expected) else { return nil }
        guard case .plain(let text) = unquoted(node).content else { return mismatch(node, place(key), expected) }
        if let period = LocalPeriod(rawValue: text) { return (.calendar(period), text) }
        if case .exact(let milliseconds) = Span(text) { return (.rolling(milliseconds: milliseconds), text) }
        let nearest = NearestWord.nearest(to: text, in: LocalPeriod.allCases.map(\.rawValue))
        problems.report(
            node.position, place(key), "expected \(expected), found \(node.summary)", nearest: nearest)
        return nil
    }

    /// `max`: a whole number from 1 to a million, without quotes.
    func count(_ key: String) -> Int? {
        let expected = "a whole number from 1 to 1000000"
        guard let node = required(key, expected) else { return nil }
        guard case .plain(let text) = node.content, text.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(text), (1...1_000_000).contains(number)
        else { return mismatch(node, place(key), expected) }
        return number
    }

    /// `percent`: a number from 0 to 100, without quotes. `hundredths` is it times a hundred, rounded up: a whole bucket
    /// number is below the one exactly when it is below the other.
    func percent(_ key: String) -> (hundredths: UInt64, text: String)? {
        let expected = "a number from 0 to 100"
        guard let node = required(key, expected) else { return nil }
        guard case .plain(let text) = node.content, let hundredths = FieldReader.hundredths(text), hundredths <= 10_000
        else { return mismatch(node, place(key), expected) }
        return (hundredths, text)
    }

    private static func hundredths(_ text: String) -> UInt64? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ (1...9).contains($0.count) && $0.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        let whole = parts[0].reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 48) }
        let digits = parts.count == 2 ? Array(parts[1]) : []
        let padded = digits.prefix(2) + [48, 48].prefix(2 - min(digits.count, 2))
        let fraction = padded.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 48) }
        return whole * 100 + fraction + (digits.dropFirst(2).contains { $0 != 48 } ? 1 : 0)
    }

    /// `from` and `to`: different times of day.
    func quietHours() -> (hours: QuietHours, text: String)? {
        let from = time("from")
        guard let to = time("to"), let from else { return nil }
        guard from.minute != to.minute else {
            problems.report(position, place("to"), "expected another time than from, found \"\(to.text)\" for both")
            return nil
        }
        return (QuietHours(from: from.minute, to: to.minute), "\(from.text) to \(to.text)")
    }

    private func time(_ key: String) -> (minute: Int, text: String)? {
        let expected = "a time of day from 00:00 to 23:59"
        guard let node = required(key, expected) else { return nil }
        guard case .plain(let text) = unquoted(node).content, let minute = FieldReader.minute(text) else {
            return mismatch(node, place(key), expected)
        }
        return (minute, text)
    }

    private static func minute(_ text: String) -> Int? {
        let digits = Array(text.utf8)
        guard digits.count == 5, digits[2] == UInt8(ascii: ":"),
            [0, 1, 3, 4].allSatisfy({ (48...57).contains(digits[$0]) })
        else { return nil }
        let hour = Int(digits[0] - 48) * 10 + Int(digits[1] - 48)
        let minute = Int(digits[3] - 48) * 10 + Int(digits[4] - 48)
        return hour < 24 && minute < 60 ? hour * 60 + minute : nil
    }

    /// `onHit`; deferring when the file says nothing.
    func onHit() -> HitAction? {
        guard let node = optional("onHit") else { return .defer }
        return word(node, place("onHit"), of: HitAction.allCases, "word")
    }

    /// Closed weekdays; none when the file says nothing.
    func weekdays(_ key: String) -> [Weekday]? {
        guard let node = optional(key) else { return [] }
        return list(node, place(key), allowsNone: true) { word($0, $1, of: Weekday.allCases, "weekday") }
    }

    /// Closed dates; none when the file says nothing.
    func dates(_ key: String) -> [CivilDate]? {
        guard let node = optional(key) else { return [] }
        return list(node, place(key), allowsNone: true) { item, place in
            guard case .plain(let text) = unquoted(item).content,
                text.utf8.count == 10, let midnight = Timestamp(rfc3339: text + "T00:00:00Z")
            else { return mismatch(item, place, "a date such as 2026-10-01") }
            return CivilDate(daysSinceEpoch: Int(midnight.seconds / 86400))
        }
    }

    /// Quotes don't matter where a value can be nothing but a word of its own form.
    private func unquoted(_ node: DocumentNode) -> DocumentNode {
        guard case .quoted(let text) = node.content else { return node }
        var node = node
        node.content = .plain(text)
        return node
    }
}
