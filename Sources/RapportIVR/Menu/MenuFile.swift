import RapportCore
import RapportYAML

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
    private let topics: [String]?
    /// Where nodes are defined, and where they are named.
    private var places: [String: YAMLValue] = [:]
    private var targets: [(name: String, place: YAMLValue)] = []

    /// In bytes.
    private static let sizeLimit = 256 << 10

    /// - Parameters:
    ///   - file: its name as it appears in errors.
    ///   - topics: those of the policy; `nil`: not checked.
    /// - Throws: `YAMLProblem`: the first thing that is wrong, with its line and column.
    package static func read(
        _ text: String, name: String, file: String, topics: [String]? = nil
    ) throws -> Menu {
        var menuFile = MenuFile(topics: topics)
        let root = try YAMLValue.parse(text, file: file, sizeLimit: sizeLimit)
        let menu = try menuFile.menu(root, name: name)
        for target in menuFile.targets where menu.nodes[target.name] == nil {
            let hint = NearestWord.hint(for: target.name, among: menu.nodes.keys)
            throw target.place.problem("\(target.name) is no node\(hint)")
        }
        if let (node, problem) = MenuCheck(menu: menu).firstProblem() {
            throw (menuFile.places[node] ?? root).problem(problem)
        }
        return menu
    }

    private init(topics: [String]?) {
        self.topics = topics
    }

    /// Text that isn't empty.
    private func word(_ value: YAMLValue, _ what: String) throws -> String {
        let text = try value.string(what)
        guard !text.isEmpty else { throw value.problem("expected \(what)") }
        return text
    }

    private mutating func target(_ node: YAMLValue) throws -> String {
        let name = try word(node, "the name of a node")
        targets.append((name, node))
        return name
    }

    private mutating func menu(_ root: YAMLValue, name: String) throws -> Menu {
        var menu = Menu(name: name, language: "en", start: "", nodes: [:])
        let keys = ["language", "start", "nodes", "voices", "nobody"]
        for entry in try root.mapping(keys: keys, "language, start, nodes").entries {
            switch entry.key {
            case "language": menu.language = try word(entry.value, "a language such as en or zh-CN")
            case "start": menu.start = try target(entry.value)
            case "voices": menu.voices = try texts(entry.value, "the name of a voice")
            case "nobody": menu.nobody = try texts(entry.value, "a text")
            default:
                for node in try entry.value.openMapping("nodes by name").entries {
                    places[node.key] = node.place
                    menu.nodes[node.key] = try self.node(node.value)
                }
            }
        }
        guard !menu.start.isEmpty else { throw root.problem("expected start: the name of a node") }
        return menu
    }

    private func texts(_ node: YAMLValue, _ what: String) throws -> [String: String] {
        var texts: [String: String] = [:]
        for entry in try node.openMapping("\(what) by language").entries {
            texts[entry.key] = try word(entry.value, what)
        }
        return texts
    }

    private mutating func node(_ value: YAMLValue) throws -> Menu.Node {
        var node = Menu.Node(then: .hangUp)
        var ending: String?
        let keys = ["say", "gather", "record", "goto", "branch", "hangUp"]
        for entry in try value.mapping(keys: keys, keys.joined(separator: ", ")).entries {
            if entry.key == "say" {
                node.say = try texts(entry.value, "a text")
                continue
            }
            if let ending { throw entry.place.problem("\(entry.key) beside \(ending): expected one of them") }
            ending = entry.key
            switch entry.key {
            case "gather": node.then = .gather(try gather(entry.value))
            case "record": node.then = .record(try record(entry.value))
            case "goto": node.then = .goto(try target(entry.value))
            case "branch": node.then = try branch(entry.value)
            default:
                guard try entry.value.bool("hangUp") else {
                    throw entry.value.problem("expected true, or another ending")
                }
            }
        }
        return node
    }

    private mutating func gather(_ value: YAMLValue) throws -> Menu.Gather {
        var gather = Menu.Gather()
        let keys = ["digits", "timeout", "tries", "keys", "words", "any", "otherwise"]
        for entry in try value.mapping(keys: keys, keys.joined(separator: ", ")).entries {
            switch entry.key {
            case "digits":
                gather.digits =
                    (try? entry.value.string()) == "many"
                    ? nil : try entry.value.int(in: 1...20, "many, or a number of keys")
            case "timeout": gather.timeout = try entry.value.int(in: 1...60, "seconds")
            case "tries": gather.tries = try entry.value.int(in: 1...10, "a number of tries")
            case "any": gather.any = try choice(entry.value)
            case "otherwise": gather.otherwise = try target(entry.value)
            case "words":
                for word in try entry.value.openMapping("choices by phrase").entries {
                    gather.words[word.key] = try choice(word.value)
                }
            default:
                for key in try entry.value.openMapping("choices by key").entries {
                    guard !key.key.isEmpty, key.key.utf8.allSatisfy({ (48...57).contains($0) || $0 == 42 }) else {
                        throw key.place.problem("expected keys: digits or *")
                    }
                    gather.keys[key.key] = try choice(key.value)
                }
            }
        }
        guard !gather.keys.isEmpty || !gather.words.isEmpty || gather.any != nil else {
            throw value.problem("expected keys, words or any")
        }
        return gather
    }

    private mutating func choice(_ value: YAMLValue) throws -> Menu.Choice {
        if value.isText { return Menu.Choice(goto: try target(value)) }
        var choice = Menu.Choice(goto: "")
        let keys = ["goto", "optOut", "optIn", "followUp", "language"]
        for entry in try value.mapping(keys: keys, keys.joined(separator: ", ")).entries {
            switch entry.key {
            case "optOut": choice.optOut = try preference(entry.value)
            case "optIn": choice.optIn = try preference(entry.value)
            case "followUp": choice.followUp = try word(entry.value, "a kind of follow-up, such as callback")
            case "language": choice.language = try word(entry.value, "a language such as zh-CN")
            default: choice.goto = try target(entry.value)
            }
        }
        guard !choice.goto.isEmpty else { throw value.problem("expected goto: the name of a node") }
        return choice
    }

    private func preference(_ value: YAMLValue) throws -> Menu.Preference {
        if value.isText { return Menu.Preference(topic: try topic(value)) }
        var preference = Menu.Preference()
        for entry in try value.mapping(keys: ["topic", "channel"], "topic, channel").entries {
            guard entry.key == "channel" else {
                preference.topic = try topic(entry.value)
                continue
            }
            let word = try word(entry.value, "a channel")
            let channels = Channel.outbound.map(\.rawValue)
            guard channels.contains(word) else {
                throw entry.value.problem("unknown channel \(word)\(NearestWord.hint(for: word, among: channels))")
            }
            preference.channel = Channel(rawValue: word)
        }
        return preference
    }

    /// `all` is every topic.
    private func topic(_ node: YAMLValue) throws -> String? {
        let word = try word(node, "a topic, or all")
        if word == "all" { return nil }
        if let topics, !topics.contains(word) {
            throw node.problem("unknown topic \(word)\(NearestWord.hint(for: word, among: topics))")
        }
        return word
    }

    private mutating func record(_ value: YAMLValue) throws -> Menu.Record {
        var record = Menu.Record(goto: "")
        for entry in try value.mapping(keys: ["seconds", "goto"], "seconds, goto").entries {
            if entry.key == "seconds" {
                record.seconds = try entry.value.int(in: 1...600, "seconds")
            } else {
                record.goto = try target(entry.value)
            }
        }
        guard !record.goto.isEmpty else { throw value.problem("expected goto: the name of a node") }
        return record
    }

    private mutating func branch(_ value: YAMLValue) throws -> Menu.Then {
        let items = try value.list("a list of branches")
        var branches: [Menu.Branch] = []
        var otherwise: String?
        let keys = ["known", "hasOwner", "language", "attribute", "is", "goto", "otherwise"]
        for item in items {
            guard otherwise == nil else { throw item.problem("a branch after otherwise is never reached") }
            let values = try item.mapping(keys: keys, keys.joined(separator: ", "))
            let count = values.entries.count
            if let node = values["otherwise"], count == 1 {
                otherwise = try target(node)
                continue
            }
            guard let goto = values["goto"] else { throw item.problem("expected goto: the name of a node") }
            branches.append(
                Menu.Branch(
                    when: try condition(values, count: count, item),
                    goto: try target(goto)))
        }
        guard let otherwise else { throw value.problem("expected otherwise: at the end") }
        return .branch(branches, otherwise: otherwise)
    }

    private func condition(
        _ values: YAMLMapping, count: Int, _ item: YAMLValue
    ) throws -> Menu.Condition {
        if count == 3, let attribute = values["attribute"], let value = values["is"] {
            return .attribute(
                try word(attribute, "the name of an attribute"), is: try word(value, "a value"))
        }
        if count == 2, let node = values["known"] { return .known(try node.bool("known")) }
        if count == 2, let node = values["hasOwner"] { return .hasOwner(try node.bool("hasOwner")) }
        if count == 2, let node = values["language"] { return .language(try word(node, "a language")) }
        throw item.problem("expected one of known, hasOwner, language, or attribute with is")
    }
}
