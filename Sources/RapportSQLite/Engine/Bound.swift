/// Sets of values as one bound parameter, to be read with `json_each`, so that a statement has the same text for
/// any number of them.
enum Bound {
    static func list(_ numbers: some Sequence<Int64>) -> String {
        var text = "["
        for number in numbers {
            if text.utf8.count > 1 { text += "," }
            text += String(number)
        }
        return text + "]"
    }

    /// An object by number, for `key` and `value` of `json_each`.
    static func map(_ values: some Sequence<(Int64, Int64)>) -> String {
        "{" + values.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    static func map(_ values: some Sequence<(Int64, String?)>) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for (number, text) in values {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: "\"\(number)\":".utf8)
            if let text { FlatJSON.append(text, to: &bytes) } else { bytes.append(contentsOf: "null".utf8) }
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }

    static func list(_ texts: some Sequence<String>) -> String {
        FlatJSON.encode(Array(texts))
    }
}
