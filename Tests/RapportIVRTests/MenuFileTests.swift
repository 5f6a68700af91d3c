import RapportCore
import RapportIVR
import RapportYAML
import Testing

@Suite("The menu file") struct MenuFileTests {
    @Test("reads everything a menu can say")
    func whole() throws {
        let menu = try Menus.standard()
        #expect(menu.nodes.count == 7)
        #expect(menu.start == "entry")
        guard case .gather(let gather) = menu.nodes["main"]?.then else {
            Issue.record("main does not gather")
            return
        }
        #expect(gather.digits == 1)
        #expect(gather.timeout == 7)
        #expect(gather.keys["1"] == Menu.Choice(goto: "done", optOut: .init(topic: "offers")))
        #expect(gather.keys["2"] == Menu.Choice(goto: "done", followUp: "callback"))
        #expect(gather.keys["3"] == Menu.Choice(goto: "owner"))
        #expect(gather.keys["6"] == Menu.Choice(goto: "done", optOut: .init(topic: nil, channel: .sms)))
        #expect(menu.nodes["voicemail"]?.then == .record(.init(seconds: 60, goto: "done")))
        #expect(menu.nodes["done"]?.then == .hangUp)
    }

    private func menu(_ nodes: String, head: String = "start: a\n") -> String {
        head + "nodes:\n" + nodes
    }

    @Test(
        "is refused with line, column and what was expected",
        arguments: [
            (
                "start: a\nnodse: {}",
                "m.yaml:2:1: unknown key ‘nodse’; did you mean ‘nodes’?"
            ),
            ("nodes: {a: {hangUp: true}}", "m.yaml:1:1: expected start: the name of a node"),
            (
                "start: a\nnodes:\n  a:\n    gahter: {}",
                "m.yaml:4:5: unknown key ‘gahter’; did you mean ‘gather’?"
            ),
            ("start: a\nnodes:\n  a: {goto: b, hangUp: true}", "m.yaml:3:16: hangUp beside goto: expected one of them"),
            ("start: a\nnodes:\n  a: {hangUp: maybe}", "m.yaml:3:15: expected hangUp: true or false"),
            ("start: a\nnodes:\n  a: {hangUp: false}", "m.yaml:3:15: expected true, or another ending"),
            ("start: a\nnodes:\n  a: {gather: {}}", "m.yaml:3:15: expected keys, words or any"),
            ("start: a\nnodes:\n  a: {gather: {timeout: 0, any: a}}", "m.yaml:3:25: expected seconds from 1 to 60"),
            ("start: a\nnodes:\n  a: {gather: {keys: {x: a}}}", "m.yaml:3:23: expected keys: digits or *"),
            (
                "start: a\nnodes:\n  a: {gather: {keys: {1: {optOut: offers}}}}",
                "m.yaml:3:26: expected goto: the name of a node"
            ),
            (
                "start: a\nnodes:\n  a: {gather: {keys: {1: {optOut: ofers, goto: a}}}}",
                "m.yaml:3:35: unknown topic ofers; did you mean ‘offers’?"
            ),
            (
                "start: a\nnodes:\n  a: {gather: {keys: {1: {optOut: {channel: smss}, goto: a}}}}",
                "m.yaml:3:45: unknown channel smss; did you mean ‘sms’?"
            ),
            ("start: a\nnodes:\n  a: {record: {seconds: 601, goto: a}}", "m.yaml:3:25: expected seconds from 1 to 600"),
            ("start: a\nnodes:\n  a: {record: {}}", "m.yaml:3:15: expected goto: the name of a node"),
            ("start: a\nnodes:\n  a: {branch: []}", "m.yaml:3:15: expected otherwise: at the end"),
            (
                "start: a\nnodes:\n  a: {branch: [{otherwise: a}, {known: true, goto: a}]}",
                "m.yaml:3:32: a branch after otherwise is never reached"
            ),
            (
                "start: a\nnodes:\n  a: {branch: [{attribute: x, goto: a}, {otherwise: a}]}",
                "m.yaml:3:16: expected one of known, hasOwner, language, or attribute with is"
            ),
            (
                "start: a\nnodes:\n  a: {branch: [{known: yes, goto: a}, {otherwise: a}]}",
                "m.yaml:3:24: expected known: true or false"
            ),
            (
                "start: a\nnodes:\n  a: text",
                "m.yaml:3:6: expected a mapping: say, gather, record, goto, branch, hangUp"
            ),
            ("start: a\nnodes:\n  a: {say: hello}", "m.yaml:3:12: expected a mapping: a text by language"),
            ("start: a\nnodes:\n  a: {goto: b", "m.yaml:4:1: did not find expected ',' or '}'"),
            ("", "m.yaml:1:1: the file is empty"),
            ("start: a\nnodes: {b: {hangUp: true}}", "m.yaml:1:8: a is no node; expected one of: b"),
            ("start: main\nnodes: {main: {goto: mian}}", "m.yaml:2:22: mian is no node; did you mean ‘main’?"),
            (
                "start: a\nnodes: {a: {goto: b}, b: {goto: a}}",
                "m.yaml:2:9: a leads back to itself without asking anything"
            ),
            ("start: a\nnodes: {a: {say: {zh: 你好}}}", "m.yaml:2:9: expected a text in en, the language of the menu"),
            (
                "start: a\nnodes: {a: {say: {en: \"{{name}}\"}}}",
                "m.yaml:2:9: unknown variable name, expected {{owner}}"
            ),
            (
                "start: a\nnodes: {a: {say: {en: \"{{owner}}\"}}}",
                "m.yaml:2:9: {{owner}} needs nobody: a text for callers without an owner"
            ),
        ])
    func malformed(text: String, problem: String) {
        let error = #expect(throws: YAMLProblem.self) {
            try MenuFile.read(text, name: "m", file: "m.yaml", topics: ["offers"])
        }
        #expect(error?.description == problem)
    }

    @Test("a key given twice is refused with its line")
    func duplicates() {
        let error = #expect(throws: YAMLProblem.self) {
            try MenuFile.read("start: a\nstart: b\nnodes: {}", name: "m", file: "m.yaml")
        }
        #expect(error?.description == "m.yaml:2:1: the key ‘start’ stands here twice")
    }

    @Test("a huge file is refused")
    func huge() {
        #expect(
            throws: YAMLProblem(file: "m.yaml", line: 1, column: 1, message: "the file is larger than 256 KiB")
        ) {
            try MenuFile.read(String(repeating: "#", count: 300_000), name: "m", file: "m.yaml")
        }
    }
}
