/// Reads what `FlatJSON` writes when no string has a character that needs escaping, which is nearly always.
enum PlainStrings {
    /// The strings between the brackets, keys and values alike in their order; `nil` when the text is not in this form,
    /// so that a real parser has to look at it.
    static func read(_ text: String, open: Unicode.Scalar, close: Unicode.Scalar) -> [String]? {
        var text = text
        return text.withUTF8 { read($0, UInt8(ascii: open), UInt8(ascii: close)) }
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ open: UInt8, _ close: UInt8) -> [String]? {
        guard bytes.count >= 2, bytes[0] == open, bytes[bytes.count - 1] == close else { return nil }
        let isMap = open == UInt8(ascii: "{")
        let end = bytes.count - 1
        var strings: [String] = []
        var index = 1
        while index < end {
            guard bytes[index] == UInt8(ascii: "\"") else { return nil }
            let start = index + 1
            index = start
            while index < end, bytes[index] != UInt8(ascii: "\"") {
                // An escape, or a bare control character, which JSON does not allow.
                guard bytes[index] != UInt8(ascii: "\\"), bytes[index] >= 0x20 else { return nil }
                index += 1
            }
            guard index < end else { return nil }
            strings.append(String(decoding: bytes[start..<index], as: UTF8.self))
            index += 1
            guard index < end else { break }
            let separator = isMap && !strings.count.isMultiple(of: 2) ? UInt8(ascii: ":") : UInt8(ascii: ",")
            guard bytes[index] == separator, index + 1 < end else { return nil }
            index += 1
        }
        return strings
    }
}
