import Mustache
import RapportChannels

/// Escapes text for the inside of a JSON string.
struct JSONEscaping: MustacheContentType {
    /// Makes `{{% CONTENT_TYPE:RAPPORT-JSON}}` known; once for the process.
    static let registered: Bool = {
        MustacheContentTypes.register(JSONEscaping(), named: "RAPPORT-JSON")
        return true
    }()

    func escapeText(_ text: String) -> String { JSONValue.escape(text) }
}
