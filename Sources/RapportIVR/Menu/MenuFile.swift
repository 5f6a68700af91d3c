import RapportCore
import RapportYAML
import Yams

/// Reads a menu file.
///
/// ```yaml
/// language: en                 # of the texts that everybody else gets
/// start: main
/// nobody: {en: one of our colleagues}
/// nodes:
///   main:
///     say: {en: For no more offers press 1. To be called back press 2., zh: 不再接收优惠请按1。}
///     gather:
///       keys:
///         1: {optOut: offers, goto: done}
///         2: {followUp: callback, goto: done}
///         3: {goto: owner}
///   owner: {say: {en: "Your contact is {{owner}}."}, goto: main}
///   done: {say: {en: Thank you.}}
/// ```
package struct MenuFile {
    private let reader: YAMLReader
    private let topics: [String]?
    /// Where nodes are defined, and where they are named.
    private var places: [String: Node] = [:]
    private var targets: [(name: String, place: Node)] = []

    /// - Parameters:
    ///   - file: its name as it appears in errors.
    ///   - topics: those of the policy; `nil`: not checked.
    /// - Throws: the first thing that is wrong, with its line and column.
    package static func read(
        _ text: String, name: String, file: String, topics: [String]? = nil
    ) throws(MenuError) -> Menu {
        var menuFile = MenuFile(reader: YAMLReader(file: file), topics: topics)
        let menu = try menuFile.menu(menuFile.reader.root(text), name: name)
        for target in menuFile.targets where menu.nodes[target.name] == nil {
            let hint = NearestWord.hint(for: target.name, among: menu.nodes.keys)
            throw menuFile.reader.failure(target.place, "\(target.name) is no node\(hint)")
        }
        if let (node, problem) = MenuCheck(menu: menu).firstProblem() {
            guard let place = menuFile.places[node] else { throw MenuError(file: file, problem: problem) }
            throw menuFile.reader.failure(place, problem)
        }
        return menu
    }

    private init(reader: YAMLReader, topics: [String]?) {
        self.reader = reader
        self.topics = topics
    }

    private mutating func target(_ node: Node) throws(MenuError) -> String {
        let name = try reader.string(node, "the name of a node")
        targets.append((name, node))
        return name
    }

    private mutating func menu(_ root: Node, name: String) throws(MenuError) -> Menu {
        var menu = Menu(name: name, language: "en", start: "", nodes: [:])
        let keys = ["language", "start", "nodes", "voices", "nobody"]
        for entry in try reader.entries(root, known: keys, what: "language, start, nodes") {
            switch entry.key {
            case "language": menu.language = try reader.string(entry.value, "a language such as en or zh-CN")
            case "start": menu.start = try target(entry.value)
            case "voices": menu.voices = try texts(entry.value, "the name of a voice")
            case "nobody": menu.nobody = try texts(entry.value, "a text")
            default:
                for node in try reader.entries(entry.value, what: "nodes by name") {
                    places[node.key] = node.keyNode
                    menu.nodes[node.key] = try self.node(node.value)
                }
            }
        }
        guard !menu.start.isEmpty else { throw reader.failure(root, "expected start: the name of a node") }
        return menu
    }

    private func texts(_ node: Node, _ what: String) throws(MenuError) -> [String: String] {
        var texts: [String: String] = [:]
        for entry in try reader.entries(node, what: "\(what) by language") {
            texts[entry.key] = try reader.string(entry.value, what)
        }
        return texts
    }

    private mutating func node(_ value: Node) throws(MenuError) -> Menu.Node {
        var node = Menu.Node(then: .hangUp)
        var ending: String?
        let keys = ["say", "gather", "record", "goto", "branch", "hangUp"]
        for entry in try reader.entries(value, known: keys, what: keys.joined(separator: ", ")) {
            if entry.key == "say" {
                node.say = try texts(entry.value, "a text")
                continue
            }
            if let ending { throw reader.failure(entry.keyNode, "\(entry.key) beside \(ending): expected one of them") }
            ending = entry.key
            switch entry.key {
            case "gather": node.then = .gather(try gather(entry.value))
            case "record": node.then = .record(try record(entry.value))
            case "goto": node.then = .goto(try target(entry.value))
            case "branch": node.then = try branch(entry.value)
            default:
                guard try reader.boolean(entry.value, "hangUp") else {
                    throw reader.failure(entry.value, "expected true, or another ending")
                }
            }
        }
        return node
    }

    private mutating func gather(_ value: Node) throws(MenuError) -> Menu.Gather {
        var gather = Menu.Gather()
        let keys = ["digits", "timeout", "tries", "keys", "words", "any", "otherwise"]
        for entry in try reader.entries(value, known: keys, what: keys.joined(separator: ", ")) {
            switch entry.key {
            case "digits":
                gather.digits =
                    entry.value.scalar?.string == "many"
                    ? nil : try reader.integer(entry.value, in: 1...20, "many, or a number of keys")
            case "timeout": gather.timeout = try reader.integer(entry.value, in: 1...60, "seconds")
            case "tries": gather.tries = try reader.integer(entry.value, in: 1...10, "a number of tries")
            case "any": gather.any = try choice(entry.value)
            case "otherwise": gather.otherwise = try target(entry.value)
            case "words":
                for word in try reader.entries(entry.value, what: "choices by phrase") {
                    gather.words[word.key] = try choice(word.value)
                }
            default:
                for key in try reader.entries(entry.value, what: "choices by key") {
                    guard !key.key.isEmpty, key.key.utf8.allSatisfy({ (48...57).contains($0) || $0 == 42 }) else {
                        throw reader.failure(key.keyNode, "expected keys: digits or *")
                    }
                    gather.keys[key.key] = try choice(key.value)
                }
            }
        }
        guard !gather.keys.isEmpty || !gather.words.isEmpty || gather.any != nil else {
            throw reader.failure(value, "expected keys, words or any")
        }
        return gather
    }

    private mutating func choice(_ value: Node) throws(MenuError) -> Menu.Choice {
        if value.scalar != nil { return Menu.Choice(goto: try target(value)) }
        var choice = Menu.Choice(goto: "")
        let keys = ["goto", "optOut", "optIn", "followUp", "language"]
        for entry in try reader.entries(value, known: keys, what: keys.joined(separator: ", ")) {
            switch entry.key {
            case "optOut": choice.optOut = try preference(entry.value)
            case "optIn": choice.optIn = try preference(entry.value)
            case "followUp": choice.followUp = try reader.string(entry.value, "a kind of follow-up, such as callback")
            case "language": choice.language = try reader.string(entry.value, "a language such as zh-CN")
            default: choice.goto = try target(entry.value)
            }
        }
        guard !choice.goto.isEmpty else { throw reader.failure(value, "expected goto: the name of a node") }
        return choice
    }

    private func preference(_ value: Node) throws(MenuError) -> Menu.Preference {
        if value.scalar != nil { return Menu.Preference(topic: try topic(value)) }
        var preference = Menu.Preference()
        for entry in try reader.entries(value, known: ["topic", "channel"], what: "topic, channel") {
            guard entry.key == "channel" else {
                preference.topic = try topic(entry.value)
                continue
            }
            let word = try reader.string(entry.value, "a channel")
            let channels = Channel.outbound.map(\.rawValue)
            guard channels.contains(word) else {
                throw reader.failure(
                    entry.value, "unknown channel \(word)\(NearestWord.hint(for: word, among: channels))")
            }
            preference.channel = Channel(rawValue: word)
        }
        return preference
    }

    /// `all` is every topic.
    private func topic(_ node: Node) throws(MenuError) -> String? {
        let word = try reader.string(node, "a topic, or all")
        if word == "all" { return nil }
        if let topics, !topics.contains(word) {
            throw reader.failure(node, "unknown topic \(word)\(NearestWord.hint(for: word, among: topics))")
        }
        return word
    }

    private mutating func record(_ value: Node) throws(MenuError) -> Menu.Record {
        var record = Menu.Record(goto: "")
        for entry in try reader.entries(value, known: ["seconds", "goto"], what: "seconds, goto") {
            if entry.key == "seconds" {
                record.seconds = try reader.integer(entry.value, in: 1...600, "seconds")
            } else {
                record.goto = try target(entry.value)
            }
        }
        guard !record.goto.isEmpty else { throw reader.failure(value, "expected goto: the name of a node") }
        return record
    }

    private mutating func branch(_ value: Node) throws(MenuError) -> Menu.Then {
        guard case .sequence(let items) = value else { throw reader.failure(value, "expected a list of branches") }
        var branches: [Menu.Branch] = []
        var otherwise: String?
        let keys = ["known", "hasOwner", "language", "attribute", "is", "goto", "otherwise"]
        for item in items {
            guard otherwise == nil else { throw reader.failure(item, "a branch after otherwise is never reached") }
            let entries = try reader.entries(item, known: keys, what: keys.joined(separator: ", "))
            let values = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.value) })
            if let node = values["otherwise"], entries.count == 1 {
                otherwise = try target(node)
                continue
            }
            guard let goto = values["goto"] else { throw reader.failure(item, "expected goto: the name of a node") }
            branches.append(
                Menu.Branch(
                    when: try condition(values, count: entries.count, item),
                    goto: try target(goto)))
        }
        guard let otherwise else { throw reader.failure(value, "expected otherwise: at the end") }
        return .branch(branches, otherwise: otherwise)
    }

    private func condition(
        _ values: [String: Node], count: Int, _ item: Node
    ) throws(MenuError) -> Menu.Condition {
        if count == 3, let attribute = values["attribute"], let value = values["is"] {
            return .attribute(
                try reader.string(attribute, "the name of an attribute"), is: try reader.string(value, "a value"))
        }
        if count == 2, let node = values["known"] { return .known(try reader.boolean(node, "known")) }
        if count == 2, let node = values["hasOwner"] { return .hasOwner(try reader.boolean(node, "hasOwner")) }
        if count == 2, let node = values["language"] { return .language(try reader.string(node, "a language")) }
        throw reader.failure(item, "expected one of known, hasOwner, language, or attribute with is")
    }
}
