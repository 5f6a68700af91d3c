/// A command line of an LMTP client, taken apart.
enum LMTPCommand: Hashable, Sendable {
    case lhlo
    case mail(path: String, parameters: [String])
    case rcpt(path: String, parameters: [String])
    case data
    case reset
    case noop
    case quit
    /// EHLO and HELO, which an LMTP server must refuse (RFC 2033, section 4.1).
    case notLMTP
    case malformed
    case unknown

    /// - Parameter line: without its line end.
    init(_ line: ArraySlice<UInt8>) {
        let verb = String(decoding: line.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self).uppercased()
        let rest = line.drop { $0 != UInt8(ascii: " ") }.drop { $0 == UInt8(ascii: " ") }
        switch verb {
        case "LHLO": self = rest.isEmpty ? .malformed : .lhlo
        case "MAIL": self = Self.path(rest, after: "FROM:").map { .mail(path: $0, parameters: $1) } ?? .malformed
        case "RCPT": self = Self.path(rest, after: "TO:").map { .rcpt(path: $0, parameters: $1) } ?? .malformed
        case "DATA": self = rest.isEmpty ? .data : .malformed
        case "RSET": self = rest.isEmpty ? .reset : .malformed
        case "NOOP": self = .noop
        case "QUIT": self = rest.isEmpty ? .quit : .malformed
        case "EHLO", "HELO": self = .notLMTP
        default: self = .unknown
        }
    }

    /// What stands between the brackets, without a source route (RFC 5321, appendix F.2), and the words behind them.
    private static func path(_ text: ArraySlice<UInt8>, after keyword: String) -> (String, [String])? {
        guard text.count > keyword.utf8.count,
            String(decoding: text.prefix(keyword.utf8.count), as: UTF8.self).uppercased() == keyword
        else { return nil }
        let text = text.dropFirst(keyword.utf8.count).drop { $0 == UInt8(ascii: " ") }
        guard text.first == UInt8(ascii: "<"), let end = closingBracket(text) else { return nil }
        var path = text[(text.startIndex + 1)..<end]
        if path.first == UInt8(ascii: "@"), let colon = path.firstIndex(of: UInt8(ascii: ":")) {
            path = path[(colon + 1)...]
        }
        let rest = text[(end + 1)...]
        guard rest.isEmpty || rest.first == UInt8(ascii: " "), let name = String(validating: path, as: UTF8.self) else {
            return nil
        }
        return (name, String(decoding: rest, as: UTF8.self).split(separator: " ").map(String.init))
    }

    private static func closingBracket(_ text: ArraySlice<UInt8>) -> Int? {
        var isQuoted = false
        var isEscaped = false
        for (index, byte) in zip(text.indices, text) {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\""), index > text.startIndex {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: "\\"), isQuoted {
                isEscaped = true
            } else if byte == UInt8(ascii: ">"), !isQuoted {
                return index
            }
        }
        return nil
    }
}
