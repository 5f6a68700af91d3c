import RapportYAML
import Yams

/// Reads a YAML document with one root. Anchors, aliases and tags of one's own have no use in a policy and are refused.
enum YAMLDocument {
    static let maximumSize = 256 * 1024

    /// - Throws: `PolicyFileError` with one problem.
    static func parse(_ text: String) throws(PolicyFileError) -> DocumentNode {
        guard text.utf8.count <= maximumSize else { throw refusal("expected at most \(maximumSize) bytes") }
        // The library takes its text for C strings in places, and a NUL would end them early.
        guard !text.utf8.contains(0) else { throw refusal("expected text, found a NUL character") }
        let parser: Parser
        let root: Node?
        do {
            parser = try Parser(yaml: text, resolver: .basic)
            root = try parser.singleRoot()
        } catch {
            throw refusal(error)
        }
        guard let root else { throw refusal("expected a mapping, found nothing") }
        // Nodes hold their anchors weakly; the parser keeps them until every node has been looked at.
        defer { withExtendedLifetime(parser) {} }
        return try node(root, depth: 0)
    }

    private static func node(_ node: Node, depth: Int) throws(PolicyFileError) -> DocumentNode {
        let position = position(node.mark)
        guard depth < DocumentNode.maximumDepth else { throw refusal("nested too deeply", position) }
        guard node.anchor == nil else { throw refusal("anchors are not supported", position) }
        switch node {
        case .scalar(let scalar):
            return DocumentNode(content: content(scalar), position: position)
        case .sequence(let sequence):
            var items: [DocumentNode] = []
            for item in sequence { items.append(try self.node(item, depth: depth + 1)) }
            return DocumentNode(content: .sequence(items), position: position)
        case .mapping(let mapping):
            var entries: [DocumentNode.Entry] = []
            var seen: Set<String> = []
            for (key, value) in mapping {
                let keyPosition = self.position(key.mark)
                guard let name = key.scalar?.string, key.anchor == nil else {
                    throw refusal("expected a word as a key", keyPosition)
                }
                guard seen.insert(name).inserted else {
                    throw refusal("the key \(DocumentNode.shown(name)) is there twice", keyPosition)
                }
                let value = try self.node(value, depth: depth + 1)
                entries.append(DocumentNode.Entry(key: name, position: keyPosition, value: value))
            }
            return DocumentNode(content: .mapping(entries), position: position)
        case .alias:
            throw refusal("aliases are not supported", position)
        }
    }

    private static func content(_ scalar: Node.Scalar) -> DocumentNode.Content {
        guard scalar.style == .plain || scalar.style == .any else { return .quoted(scalar.string) }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string) ? .null : .plain(scalar.string)
    }

    private static func position(_ mark: Mark?) -> DocumentNode.Position {
        DocumentNode.Position(line: max(mark?.line ?? 1, 1), column: max(mark?.column ?? 1, 1))
    }

    private static func refusal(
        _ message: String, _ position: DocumentNode.Position = DocumentNode.Position(line: 1, column: 1)
    ) -> PolicyFileError {
        PolicyFileError(problems: [
            PolicyFileError.Problem(line: position.line, column: position.column, path: "", message: message)
        ])
    }

    /// The library's own errors quote the whole text; these name the place and what is wrong there.
    private static func refusal(_ error: any Error) -> PolicyFileError {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            refusal("not YAML: " + problem, position(mark))
        case .duplicatedKeysInMapping(let keys, let context):
            repetition(of: keys.first ?? "", position(context.mark), in: context.text)
        default: refusal("not YAML, or not UTF-8 text")
        }
    }

    private static func repetition(
        of key: String, _ first: DocumentNode.Position, in text: String
    ) -> PolicyFileError {
        let second = RepeatedKey.second(of: key, line: first.line, column: first.column, in: text)
        return refusal(
            "the key \(DocumentNode.shown(key)) is there twice",
            second.map { DocumentNode.Position(line: $0.line, column: $0.column) } ?? first)
    }
}
