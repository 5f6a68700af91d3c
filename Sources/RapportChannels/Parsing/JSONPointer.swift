/// Names one place in a JSON text (RFC 6901): `/events/0/id`; empty names the whole.
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    let tokens: [String]
    package let description: String

    /// The whole text.
    package static let whole = JSONPointer(tokens: [], description: "")

    private init(tokens: [String], description: String) {
        self.tokens = tokens
        self.description = description
    }

    /// `nil` unless the text is empty or begins with `/`, and every `~` is followed by `0` or `1`.
    package init?(_ text: String) {
        guard text.isEmpty || text.hasPrefix("/") else { return nil }
        var tokens: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let token = Self.unescape(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
        description = text
    }

    private static func unescape(_ part: Substring) -> String? {
        var token = ""
        var rest = part[...]
        while let character = rest.popFirst() {
            guard character == "~" else {
                token.append(character)
                continue
            }
            switch rest.popFirst() {
            case "0": token.append("~")
            case "1": token.append("/")
            default: return nil
            }
        }
        return token
    }

    /// The value there; `nil` when there is none.
    package func find(in value: JSONValue) -> JSONValue? {
        var current = value
        for token in tokens {
            switch current {
            case .object: guard let next = current[token] else { return nil }; current = next
            case .array(let items):
                guard let index = Self.index(token), index < items.count else { return nil }
                current = items[index]
            default: return nil
            }
        }
        return current
    }

    /// `0` or digits without a leading zero (RFC 6901, section 4).
    static func index(_ token: String) -> Int? {
        guard token == "0" || (token.utf8.allSatisfy { (48...57).contains($0) } && !token.hasPrefix("0")) else {
            return nil
        }
        return Int(token)
    }
}
