import Foundation

/// JSON arrays of strings and objects of strings, written without Foundation because every row of the log may have one.
enum FlatJSON {
    static func encode(_ texts: [String]) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for text in texts {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            append(text, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Sorted by key, so that equal values have equal texts; `nil` when there is nothing in it.
    static func encode(_ values: [String: String]) -> String? {
        values.isEmpty ? nil : object(values.sorted { $0.key < $1.key }.lazy.map { ($0.key, $0.value) })
    }

    /// An object of these members in their order, without those that have no value.
    static func object(_ members: some Sequence<(key: String, value: String?)>) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for case (let key, let value?) in members {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            append(key, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            append(value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }

    static func strings(_ text: String?) throws -> [String] {
        guard let text else { return [] }
        if let plain = PlainStrings.read(text, open: "[", close: "]") { return plain }
        return try JSONDecoder().decode([String].self, from: Data(text.utf8))
    }

    static func map(_ text: String?) throws -> [String: String] {
        guard let text else { return [:] }
        if let plain = PlainStrings.read(text, open: "{", close: "}"), plain.count.isMultiple(of: 2) {
            var values: [String: String] = [:]
            for index in stride(from: 0, to: plain.count, by: 2) { values[plain[index]] = plain[index + 1] }
            return values
        }
        return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }

    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        guard text.utf8.contains(where: needsEscape) else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20, 0x7f:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(hex[Int(byte >> 4)])
                bytes.append(hex[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7f || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static let hex = Array("0123456789abcdef".utf8)
}
