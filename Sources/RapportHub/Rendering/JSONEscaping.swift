import Mustache

/// Escapes text for the inside of a JSON string (RFC 8259, section 7).
struct JSONEscaping: MustacheContentType {
    /// Makes `{{% CONTENT_TYPE:RAPPORT-JSON}}` known; once for the process.
    static let registered: Bool = {
        MustacheContentTypes.register(JSONEscaping(), named: "RAPPORT-JSON")
        return true
    }()

    func escapeText(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
