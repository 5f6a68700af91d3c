import RapportChannels
import RapportCore

/// A value of a JSON line, in the order in which it is written.
enum JSONField: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([JSONField])
    case object([(String, JSONField)])
    case null

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }

    init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    init(_ number: Int?) { self = number.map { .number($0) } ?? .null }
    init(_ at: Timestamp?) { self = at.map { .text($0.rfc3339) } ?? .null }
    init(_ words: [String]) { self = .list(words.map { .text($0) }) }
    init(_ counts: [String: Int]) {
        self = .object(counts.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })
    }
    init(_ words: [String: String]) {
        self = .object(words.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
    }

    /// RFC 8259, without white space.
    var json: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .number(let number): "\(number)"
        case .flag(let flag): flag ? "true" : "false"
        case .null: "null"
        case .list(let items): "[" + items.map(\.json).joined(separator: ",") + "]"
        case .object(let fields):
            "{" + fields.map { Self.quoted($0.0) + ":" + $0.1.json }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String { "\"\(JSONValue.escape(text))\"" }
}

/// Prints one object on one line.
enum JSONLine {
    static func show(_ fields: [(String, JSONField)]) {
        Terminal.line(JSONField.object(fields).json)
    }
}
