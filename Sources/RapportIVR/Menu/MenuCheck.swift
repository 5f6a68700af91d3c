import Foundation

/// What must be true of a menu beyond the form of its file and the names in it.
struct MenuCheck {
    let menu: Menu

    /// The first thing that is wrong, and the node it is wrong with.
    func firstProblem() -> (node: String, problem: String)? {
        for (name, node) in menu.nodes.sorted(by: { $0.key < $1.key }) {
            if let problem = textProblem(node) { return (name, problem) }
            if isSilentRound(from: name) { return (name, "\(name) leads back to itself without asking anything") }
        }
        return nil
    }

    private func textProblem(_ node: Menu.Node) -> String? {
        guard !node.say.isEmpty else { return nil }
        guard node.say[menu.language] != nil else {
            return "expected a text in \(menu.language), the language of the menu"
        }
        for text in node.say.values.sorted() {
            var rest = text[...]
            while let start = rest.range(of: "{{") {
                rest = rest[start.upperBound...]
                let variable = rest.prefix { $0 != "}" }.filter { $0 != " " }
                guard variable == "owner" else { return "unknown variable \(variable), expected {{owner}}" }
                guard menu.nobody[menu.language] != nil else {
                    return "{{owner}} needs nobody: a text for callers without an owner"
                }
            }
        }
        return nil
    }

    /// Whether a caller may come back to the node without having been asked anything on the way.
    private func isSilentRound(from name: String) -> Bool {
        var seen: Set<String> = []
        var next = silentTargets(of: name)
        while let target = next.popLast() {
            if target == name { return true }
            if seen.insert(target).inserted { next += silentTargets(of: target) }
        }
        return false
    }

    private func silentTargets(of name: String) -> [String] {
        switch menu.nodes[name]?.then {
        case .goto(let target): [target]
        case .branch(let branches, let otherwise): branches.map(\.goto) + [otherwise]
        case .gather, .record, .hangUp, nil: []
        }
    }
}
