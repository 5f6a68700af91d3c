import Foundation
import RapportCore
import Testing

@testable import RapportPolicy

@Suite("The conformance cases")
struct ConformanceTests {
    /// One case at one instant, told apart by where it stands.
    struct Example: Sendable, CustomTestStringConvertible {
        var policy: ContactPolicy
        var example: PolicyCase
        var place: String
        var testDescription: String { "\(place): \(example.name)" }
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Conformance")

    static func examples(_ file: String) throws -> [Example] {
        let cases = try PolicyCaseFile(contentsOf: folder.appending(path: file).path)
        return cases.suites.enumerated().flatMap { index, suite in
            suite.cases.enumerated().map { Example(policy: suite.policy, example: $1, place: "\(index).\($0)") }
        }
    }

    @Test("stories: every one comes out as expected", arguments: try examples("stories.json"))
    func stories(_ example: Example) {
        check(example)
    }

    @Test("mixed: every one comes out as expected", arguments: try examples("mixed.json"))
    func mixed(_ example: Example) {
        check(example)
    }

    @Test("none of the cases was lost on the way")
    func counts() throws {
        #expect(try ConformanceTests.examples("stories.json").count == 44)
        #expect(try ConformanceTests.examples("mixed.json").count == 120)
    }

    private func check(_ example: Example) {
        for result in PolicyCaseRunner.run(example.example, example.policy, file: nil) {
            #expect(result.differences == [], "at \(result.now)")
        }
        for moment in example.example.moments {
            let decision = example.policy.evaluate(example.example.request, example.example.facts, now: moment.now)
            let verdict = example.policy.verdict(example.example.request, example.example.facts, now: moment.now)
            #expect(verdict == decision.verdict)
        }
    }
}
