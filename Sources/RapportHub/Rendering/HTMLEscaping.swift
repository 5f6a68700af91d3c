import Mustache

/// Escapes text for HTML, inside and outside of attributes, scalar by scalar.
///
/// The library's own escaping goes by grapheme: a quotation mark with a combining character after it is another
/// grapheme to it and would pass, and to a browser it still is a quotation mark.
package struct HTMLEscaping: MustacheContentType {
    /// Makes `{{% CONTENT_TYPE:RAPPORT-HTML}}` known; once for the process.
    package static let registered: Bool = {
        MustacheContentTypes.register(HTMLEscaping(), named: "RAPPORT-HTML")
        return true
    }()

    package func escapeText(_ text: String) -> String {
        guard text.utf8.contains(where: Self.isSpecial) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }
}
