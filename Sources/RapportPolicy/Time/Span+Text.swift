extension Span {
    /// The longest time the file may name: a hundred years. What is longer is a slip; `forever` is a word of its own.
    private static let longestSeconds: Int64 = 36_525 * 86400

    /// Reads one whole number and its unit: `s`, `m`, `h`, `d`, `mo`, `y`; or `forever`. `nil` for anything else, for
    /// nothing (`0d`) and for more than a hundred years.
    package init?(_ text: String) {
        guard text != "forever" else {
            self = .forever
            return
        }
        let digits = text.utf8.prefix { (48...57).contains($0) }
        guard (1...10).contains(digits.count), let number = Int64(String(Substring(digits))), number > 0 else {
            return nil
        }
        switch String(text.dropFirst(digits.count)) {
        case "s": self.init(seconds: number)
        case "m": self.init(seconds: number * 60)
        case "h": self.init(seconds: number * 3600)
        case "d": self.init(seconds: number * 86400)
        case "mo" where number <= 1200: self = .months(Int(number))
        case "y" where number <= 100: self = .months(Int(number) * 12)
        default: return nil
        }
    }

    private init?(seconds: Int64) {
        guard seconds <= Span.longestSeconds else { return nil }
        self = .exact(milliseconds: seconds * 1000)
    }
}
