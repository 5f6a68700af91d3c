/// Sets of values as one bound parameter, to be read with `json_each`, so that a statement has the same text for
/// any number of them.
enum Bound {
    /// In order, in which SQLite lays them down in half the time: it sorts them, because it looks rows up in order.
    static func list(_ numbers: some Sequence<Int64>) -> String {
        var bytes = started("[", numbers.underestimatedCount)
        for number in numbers.sorted() {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            append(number, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// An object by number, for `key` and `value` of `json_each`.
    static func map(_ values: some Sequence<(Int64, Int64)>) -> String {
        map(values) { append($0, to: &$1) }
    }

    static func map(_ values: some Sequence<(Int64, String?)>) -> String {
        map(values) { text, bytes in
            if let text { FlatJSON.append(text, to: &bytes) } else { bytes.append(contentsOf: "null".utf8) }
        }
    }

    private static func map<Value>(
        _ values: some Sequence<(Int64, Value)>, _ append: (Value, inout [UInt8]) -> Void
    ) -> String {
        var bytes = started("{", values.underestimatedCount)
        for (number, value) in values {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            self.append(number, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
            bytes.append(UInt8(ascii: ":"))
            append(value, &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func started(_ bracket: Unicode.Scalar, _ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(10 * count + 2)
        bytes.append(UInt8(ascii: bracket))
        return bytes
    }

    /// Digit by digit: a batch binds thousands of numbers, and a string for each takes longer than to look up its row.
    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var (start, rest) = (bytes.count, number.magnitude)
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        var end = bytes.count - 1
        while start < end {
            bytes.swapAt(start, end)
            (start, end) = (start + 1, end - 1)
        }
    }

    static func list(_ texts: some Sequence<String>) -> String {
        FlatJSON.encode(Array(texts))
    }
}
