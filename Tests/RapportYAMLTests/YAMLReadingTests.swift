import Testing

@testable import RapportYAML

@Suite("Files that people write")
struct YAMLReadingTests {
    private func read(_ text: String) throws -> YAMLMapping {
        try YAMLValue.parse(text, file: "f.yaml").mapping(keys: ["adapters", "http", "wait", "size"])
    }

    @Test(
        "a mistake is named with its place and the nearest word",
        arguments: [
            ("adaptors: 1", "f.yaml:1:1: unknown key ‘adaptors’; did you mean ‘adapters’?"),
            ("http: 1\nhttp: 2", "f.yaml:2:1: the key ‘http’ stands here twice"),
            ("http:\n  a: 1\n  # a: 0\n  b: { a: 1 }\n  'a' : 2", "f.yaml:5:3: the key ‘a’ stands here twice"),
            ("adapters:\n  - a: 1\n  - a: 1\n    b: x\n    a: 2", "f.yaml:5:5: the key ‘a’ stands here twice"),
            ("http: { a: {a: 1}, b: \"a: , a: \",\n  a: 2 }", "f.yaml:2:3: the key ‘a’ stands here twice"),
            ("http: { a: [1, 2], a: 2 }", "f.yaml:1:20: the key ‘a’ stands here twice"),
            ("- a", "f.yaml:1:1: expected a mapping (key: value)"),
            ("", "f.yaml:1:1: the file is empty"),
        ])
    func mistakes(text: String, message: String) {
        #expect { try read(text) } throws: { "\($0)" == message }
    }

    @Test("durations and sizes are read exactly, and nonsense is refused")
    func quantities() throws {
        let file = try read("wait: 90s\nsize: 25MiB")
        #expect(try file.required("wait").seconds() == 90)
        #expect(try file.required("size").bytes() == 25 << 20)
        for bad in ["90", "s", "-1m", "9999999999999999999d", "1w"] {
            #expect(throws: YAMLProblem.self) { try read("wait: \(bad)").required("wait").seconds() }
        }
        for bad in ["x", "1TB", "0", "99999999999999GiB"] {
            #expect(throws: YAMLProblem.self) { try read("size: \(bad)").required("size").bytes() }
        }
    }

    @Test("a quantity out of range is told the range, and not a form that it has")
    func range() {
        #expect { try read("wait: 2h").required("wait").seconds(in: 1...3600) } throws: {
            "\($0)" == "f.yaml:1:7: expected a duration from 1s to 1h"
        }
        #expect { try read("size: 2KiB").required("size").bytes(in: 1...1024) } throws: {
            "\($0)" == "f.yaml:1:7: expected a size from 1 to 1024 bytes"
        }
    }

    @Test("a null value is a missing one")
    func null() throws {
        #expect(try read("http:")["http"] == nil)
        #expect(throws: YAMLProblem.self) { try read("http:").required("http") }
    }
}
