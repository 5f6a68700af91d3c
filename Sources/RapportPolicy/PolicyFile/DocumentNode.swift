/// A YAML or JSON document as it was written: scalars are still text, and everything knows its place.
struct DocumentNode: Sendable {
    struct Position: Hashable, Sendable {
        /// From 1.
        var line: Int
        /// In Unicode scalars, from 1.
        var column: Int
    }

    struct Entry: Sendable {
        var key: String
        var position: Position
        var value: DocumentNode
    }

    enum Content: Sendable {
        case null
        /// A number, `true`, `false`, or in YAML any word without quotes.
        case plain(String)
        case quoted(String)
        case sequence([DocumentNode])
        /// Keys are unique.
        case mapping([Entry])
    }

    var content: Content
    var position: Position
    /// The bytes it takes up in a JSON document; empty in YAML.
    var extent: Range<Int> = 0..<0

    /// Deeper nesting is refused.
    static let maximumDepth = 32

    var isNull: Bool {
        if case .null = content { true } else { false }
    }

    /// For messages: what was found.
    var summary: String {
        switch content {
        case .null: "nothing"
        case .plain(let text): DocumentNode.shown(text)
        case .quoted(let text): "the text " + DocumentNode.shown(text)
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// A word of the author's in quotes, cut short.
    static func shown(_ text: String) -> String {
        let clean = text.unicodeScalars.prefix(40).map { $0.properties.isPrintable ? Character($0) : "?" }
        return "\"" + String(clean) + (text.unicodeScalars.count > 40 ? "…" : "") + "\""
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isPrintable: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
        default: true
        }
    }
}
