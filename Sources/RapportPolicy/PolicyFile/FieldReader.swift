/// Reads the values of one mapping by their keys, and reports what is missing, unknown or of the wrong kind.
///
/// Every reader gives `nil` for a value that it has reported; callers go on, so that all problems are found.
struct FieldReader {
    let path: String
    let problems: Problems
    let position: DocumentNode.Position
    private let entries: [DocumentNode.Entry]
    /// Whether `null` says the same as leaving the key out, as it does in cases; a policy has no use for it.
    private let allowsNull: Bool

    /// - Parameter keys: the only ones that may be there.
    init?(_ node: DocumentNode, _ path: String, keys: [String], _ problems: Problems, allowsNull: Bool = false) {
        guard case .mapping(let entries) = node.content else {
            problems.report(node.position, path, "expected a mapping, found \(node.summary)")
            return nil
        }
        for entry in entries where !keys.contains(entry.key) {
            let place = FieldReader.join(path, entry.key)
            let _: Never? = problems.unknown(entry.key, at: entry.position, place, "key", valid: keys)
        }
        self.path = path
        self.problems = problems
        position = node.position
        self.entries = entries
        self.allowsNull = allowsNull
    }

    /// The path of a value in this mapping.
    func place(_ key: String) -> String { FieldReader.join(path, key) }

    private static func join(_ path: String, _ key: String) -> String {
        let shown = String(key.unicodeScalars.prefix(40).map { $0.value < 0x20 ? "?" : Character($0) })
        return path.isEmpty ? shown : path + "." + shown
    }

    func optional(_ key: String) -> DocumentNode? {
        guard let value = entries.first(where: { $0.key == key })?.value else { return nil }
        return allowsNull && value.isNull ? nil : value
    }

    func has(_ key: String) -> Bool { optional(key) != nil }

    func required(_ key: String, _ expected: String) -> DocumentNode? {
        guard let node = optional(key) else {
            problems.report(position, path, "the key \(key) is missing: expected \(expected)")
            return nil
        }
        return node
    }

    /// Reports that `node` isn't what was expected. Always `nil`.
    func mismatch<Value>(_ node: DocumentNode, _ place: String, _ expected: String) -> Value? {
        problems.report(node.position, place, "expected \(expected), found \(node.summary)")
        return nil
    }

    /// Text, with or without quotes; a lone `true`, `false` or `null` needs them.
    func text(_ node: DocumentNode, _ place: String, _ expected: String) -> String? {
        switch node.content {
        case .quoted(let text) where !text.isEmpty: text
        case .plain(let text) where text != "true" && text != "false": text
        default: mismatch(node, place, expected)
        }
    }

    func requiredText(_ key: String, _ expected: String) -> String? {
        required(key, expected).flatMap { text($0, place(key), expected) }
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable & CaseIterable>(
        _ node: DocumentNode, _ place: String, of words: [Word], _ what: String
    ) -> Word? where Word.RawValue == String {
        let valid = words.map(\.rawValue)
        guard let text = text(node, place, "one of " + valid.joined(separator: ", ")) else { return nil }
        return words.first { $0.rawValue == text }
            ?? problems.unknown(text, at: node.position, place, what, valid: valid)
    }

    func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, of type: Word.Type
    ) -> Word? where Word.RawValue == String {
        let words = Array(type.allCases)
        return required(key, "one of " + words.map(\.rawValue).joined(separator: ", ")).flatMap {
            word($0, place(key), of: words, "word")
        }
    }

    /// A required list of one thing or more.
    func list<Item>(_ key: String, _ item: (DocumentNode, String) -> Item?) -> [Item]? {
        required(key, "a list").flatMap { list($0, place(key), allowsNone: false, item) }
    }

    /// `nil` when anything in the list was reported.
    func list<Item>(
        _ node: DocumentNode, _ place: String, allowsNone: Bool, _ item: (DocumentNode, String) -> Item?
    ) -> [Item]? {
        guard case .sequence(let nodes) = node.content else { return mismatch(node, place, "a list") }
        guard allowsNone || !nodes.isEmpty else {
            problems.report(node.position, place, "expected at least one, found an empty list")
            return nil
        }
        let items = nodes.enumerated().map { item($1, "\(place)[\($0)]") }
        return items.contains { $0 == nil } ? nil : items.compactMap { $0 }
    }
}
