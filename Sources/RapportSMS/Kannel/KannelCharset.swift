import RapportChannels

/// The charsets that Kannel names with `%C`.
enum KannelCharset: Hashable {
    case utf8
    case utf16BE
    case latin1
    /// Bytes for a program on the telephone, not text.
    case binary

    init(name: String) {
        switch name.uppercased() {
        case "UTF-16BE", "UTF16-BE", "UCS-2", "UTF-16": self = .utf16BE
        case "ISO-8859-1", "LATIN1", "WINDOWS-1252": self = .latin1
        case "8-BIT", "BINARY": self = .binary
        default: self = .utf8
        }
    }

    /// The text without NUL characters, empty for binary messages; U+FFFD stands for what is not in this charset.
    func decode(_ bytes: [UInt8]) -> String {
        switch self {
        case .utf8: return String(decoding: bytes, as: UTF8.self).storable
        case .latin1: return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })).storable
        case .binary: return ""
        case .utf16BE:
            let half = bytes.count.isMultiple(of: 2) ? "" : "\u{FFFD}"
            let units = stride(from: 1, to: bytes.count, by: 2).map { UInt16(bytes[$0 - 1]) << 8 | UInt16(bytes[$0]) }
            return String(decoding: units, as: UTF16.self).storable + half
        }
    }
}
