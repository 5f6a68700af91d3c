import RapportYAML
import Yams

/// Reads a YAML tree strictly: every failure names its line and column and what was expected there.
struct YAMLReader {
    let file: String

    /// The mapping at the top.
    func root(_ text: String) throws(MenuError) -> Node {
        guard text.utf8.count <= 256 << 10 else { throw MenuError(file: file, problem: "larger than 256 KiB") }
        let composed: Node?
        do {
            composed = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw Self.failure(error, file: file)
        } catch {
            throw MenuError(file: file, problem: "not YAML")
        }
        guard let composed else { throw MenuError(file: file, problem: "empty") }
        return composed
    }

    private static func failure(_ error: YamlError, file: String) -> MenuError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return MenuError(file: file, line: mark.line, column: mark.column, problem: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.joined(separator: ", ")
            return MenuError(
                file: file, line: context.mark.line, column: context.mark.column, problem: "\(names) is given twice")
        default: return MenuError(file: file, problem: "not YAML")
        }
    }

    func failure(_ node: Node, _ problem: String) -> MenuError {
        MenuError(file: file, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0, problem: problem)
    }

    /// The entries of a mapping; `known` are all the keys it may have, `nil` any.
    func entries(
        _ node: Node, known: [String]? = nil, what: String
    ) throws(MenuError) -> [(key: String, keyNode: Node, value: Node)] {
        guard case .mapping(let mapping) = node else { throw failure(node, "expected a mapping: \(what)") }
        var entries: [(key: String, keyNode: Node, value: Node)] = []
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else { throw failure(keyNode, "expected a plain key") }
            if let known, !known.contains(key) {
                throw failure(keyNode, "unknown key \(key)" + NearestWord.hint(for: key, among: known))
            }
            entries.append((key, keyNode, value))
        }
        return entries
    }

    func string(_ node: Node, _ what: String) throws(MenuError) -> String {
        guard let text = node.scalar?.string, !text.isEmpty else { throw failure(node, "expected \(what)") }
        return text
    }

    func integer(_ node: Node, in range: ClosedRange<Int>, _ what: String) throws(MenuError) -> Int {
        guard let text = node.scalar?.string, let number = Int(text), range.contains(number) else {
            throw failure(node, "expected \(what), \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func boolean(_ node: Node, _ what: String) throws(MenuError) -> Bool {
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default: throw failure(node, "expected \(what): true or false")
        }
    }
}
