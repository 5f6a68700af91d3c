import Foundation
import RapportCore
import Testing

@testable import RapportPolicy

@Suite("Files of cases")
struct PolicyCaseTests {
    private static let policy = #"{ "timeZone": "UTC", "topics": { "care": { "consent": "none" } }, "rules": [] }"#

    /// A file with one case, of which parts can be replaced.
    static func file(
        policy: String = policy, moment: String = #""now": "2026-06-15T04:00:00Z", "expect": { "verdict": "send" }"#,
        customer: String = #"{ "id": "c1" }"#, facts: String = "",
        request: String =
            #"{ "class": "marketing", "topic": "care", "channel": "email", "address": "mailto:ana@example.com" }"#
    ) -> String {
        """
        { "policy": \(policy), "cases": [ { "name": "one # \\\\ 'two'", \(moment), "customer": \(customer), \(facts)
          "request": \(request) } ] }
        """
    }

    private func load(_ json: String) throws(PolicyFileError) -> PolicyCaseFile {
        try PolicyCaseFile(json: json, file: "cases.json") { name throws(PolicyFileError) in
            try ContactPolicy(yaml: Samples.topics, file: name)
        }
    }

    @Test("absent lists are empty, absent fields null, and null is absent")
    func absent() throws {
        let full = PolicyCaseTests.file(
            customer:
                #"{ "id": "c1", "timeZone": null, "household": null, "pausedUntil": null, "erased": null, "quietHours": null }"#,
            facts: #""consents": null, "dispatches": [], "at": null,"#)
        for json in [PolicyCaseTests.file(), full] {
            let example = try #require(try load(json).suites.first?.cases.first)
            #expect(example.facts == ContactFacts(customer: Samples.customer()))
            #expect(example.request == Samples.request(campaign: nil))
        }
    }

    @Test("an array of files in one, one set of facts at several instants, and a policy by its path")
    func several() throws {
        let night =
            #""at": [ { "now": "2026-06-15T14:00:00Z", "expect": { "verdict": "defer", "rule": "quiet-hours", "until": "2026-06-15T23:00:00Z", "evidence": [] } }, { "now": "2026-06-15T04:00:00Z", "expect": { "verdict": "send", "rule": null } } ]"#
        let json =
            "[" + PolicyCaseTests.file() + ","
            + PolicyCaseTests.file(
                policy: "\"policy.yaml\"", moment: night,
                customer: #"{ "id": "c1", "quietHours": { "from": "22:00", "to": "07:00" } }"#)
            + "]"
        let file = try load(json)
        #expect(file.suites.map(\.policy.timeZone) == ["UTC", "Asia/Shanghai"])
        let report = PolicyCaseRunner.run([file])
        #expect(report.results.map(\.passed) == [true, true, true])
        #expect(report.passed)
    }

    @Test("policies are looked for from the folder of the file")
    func paths() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rapport-policy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Samples.topics.write(to: folder.appending(path: "policy.yaml"), atomically: true, encoding: .utf8)
        let path = folder.appending(path: "cases.json")
        try PolicyCaseTests.file(policy: "\"policy.yaml\"").write(to: path, atomically: true, encoding: .utf8)
        #expect(try PolicyCaseFile(contentsOf: path.path).suites.map(\.policy.timeZone) == ["Asia/Shanghai"])
        try "timeZone: Mars\n".write(to: folder.appending(path: "policy.yaml"), atomically: true, encoding: .utf8)
        let error = try #require(throws: PolicyFileError.self) { try PolicyCaseFile(contentsOf: path.path) }
        #expect(error.file?.hasSuffix("policy.yaml") == true)
        #expect(error.problems.first?.line == 1)
    }

    @Test(
        "a case that would test less than it seems to is refused",
        arguments: [
            (file(moment: #""now": "2026-06-15T04:00:00Z", "expects": {}"#), "unknown key"),
            (file(moment: #""now": "2026-06-15T04:00:00Z""#), "the key expect is missing"),
            (file(moment: #""expect": { "verdict": "send" }"#), "the key now is missing"),
            (file(moment: #""now": "yesterday", "expect": { "verdict": "send" }"#), "an instant"),
            (file(moment: #""now": "2026-06-15T04:00:00Z", "expect": { "verdict": "sent" }"#), "unknown word"),
            (
                file(moment: #""now": "2026-06-15T04:00:00Z", "expect": { "verdict": "skip", "rule": "gaps" }"#),
                "unknown word"
            ),
            (
                file(moment: #""now": "2026-06-15T04:00:00Z", "expect": { "verdict": "send", "reason": "" }"#),
                "unknown key"
            ),
            (file(moment: #""at": []"#), "at least one"),
            (file(moment: #""at": [ {} ]"#), "is missing"),
            (file(moment: #""now": "2026-06-15T04:00:00Z", "at": []"#), "either at, or now and expect"),
            (file(customer: "{}"), "the key id is missing"),
            (file(customer: #"{ "id": "c1", "erased": 1 }"#), "true or false"),
            (file(customer: #"{ "id": "c1", "timezone": "UTC" }"#), "unknown key"),
            (file(customer: #"{ "id": "c1", "quietHours": { "from": "22:00" } }"#), "the key to is missing"),
            (file(facts: #""consents": [ { "id": "k1" } ],"#), "is missing"),
            (
                file(
                    facts:
                        #""consents": [ { "id": "k1", "topic": "*", "channel": "fax", "state": "denied", "at": "2026-06-15T04:00:00Z" } ],"#
                ), "unknown channel"
            ),
            (
                file(
                    facts:
                        #""suppressions": [ { "id": "s1", "address": "ana", "reason": "stop", "at": "2026-06-15T04:00:00Z" } ],"#
                ), "an address"
            ),
            (
                file(
                    facts:
                        #""suppressions": [ { "id": "s1", "address": "tel:+1", "reason": "stopp", "at": "2026-06-15T04:00:00Z" } ],"#
                ), "unknown word"
            ),
            (file(facts: #""dispatches": [ { "id": "d1" } ],"#), "is missing"),
            (file(facts: #""dispatches": {},"#), "a list"),
            (file(facts: #""openCases": [ { "id": "f1", "kind": "complaint" } ],"#), "the key openedAt is missing"),
            (
                file(facts: #""responses": [ { "id": 7, "campaign": "spring", "at": "2026-06-15T04:00:00Z" } ],"#),
                "a text"
            ),
            (file(request: "{}"), "is missing"),
            (
                file(request: #"{ "class": "marketing", "topic": "care", "channel": "web", "address": "tel:+1" }"#),
                "unknown channel"
            ),
            (file(policy: "7"), "a relative path or a policy"),
            (file(policy: "\"/etc/policy.yaml\""), "a relative path or a policy"),
            (
                file(
                    policy:
                        #"{ "timeZone": "UTC", "rules": [ { "cap": { "max": 0, "per": "7d", "scope": "customer" } } ] }"#
                ), "whole number from 1"
            ),
            (#"{ "policy": "policy.yaml", "cases": [] }"#, "at least one"),
            (#"{ "cases": [] }"#, "is missing"),
            ("[7]", "a mapping"), ("7", "a mapping"), ("{", "not JSON"),
        ])
    func refused(json: String, says: String) throws {
        let error = try #require(throws: PolicyFileError.self) { try load(json) }
        #expect(error.description.contains(says), "\(error)")
        #expect(error.file == "cases.json")
    }

    private func failing() throws -> PolicyCaseReport {
        let moment =
            #""now": "2026-06-15T04:00:00Z", "expect": { "verdict": "defer", "rule": "gap", "until": "2026-06-16T00:00:00Z", "evidence": ["d2", "d1"] }"#
        return PolicyCaseRunner.run([try load(PolicyCaseTests.file()), try load(PolicyCaseTests.file(moment: moment))])
    }

    @Test("TAP numbers the cases, escapes their names and says what differed")
    func tap() throws {
        #expect(
            try failing().text(.tap) == ##"""
                TAP version 14
                1..2
                ok 1 - one \# \\ 'two' (at 2026-06-15T04:00:00Z)
                not ok 2 - one \# \\ 'two' (at 2026-06-15T04:00:00Z)
                  ---
                  file: 'cases.json'
                  differences:
                    - 'expected verdict defer, got send'
                    - 'expected rule gap, got none'
                    - 'expected until 2026-06-16T00:00:00Z, got none'
                    - 'expected evidence [d1, d2], got []'
                  ...

                """##)
    }

    @Test("JSON and plain text say the same")
    func otherFormats() throws {
        let report = try failing()
        #expect(!report.passed)
        #expect(report.failed == 1)
        #expect(
            report.text(.json).hasPrefix(
                #"{"failed":1,"passed":1,"results":[{"differences":[],"file":"cases.json","name":"#))
        #expect(report.text(.json).hasSuffix("}\n"))
        #expect(
            report.text(.plain) == ##"""
                FAILED  cases.json: one # \ 'two' (at 2026-06-15T04:00:00Z)
                        expected verdict defer, got send
                        expected rule gap, got none
                        expected until 2026-06-16T00:00:00Z, got none
                        expected evidence [d1, d2], got []
                1 of 2 passed

                """##)
    }

    @Test("an explanation shows every rule, its opinion, its evidence and its note")
    func explanation() throws {
        let policy = try Samples.policy("gap: { min: 4h, scope: customer }")
        let facts = ContactFacts(
            customer: Samples.customer(),
            dispatches: [Samples.dispatch("d1", at: Samples.instant("2026-06-15T02:00:00Z"))])
        let decision = policy.evaluate(Samples.request(), facts, now: Samples.noon)
        let explanation = PolicyExplanation(decision, now: Samples.noon)
        #expect(
            explanation.text == """
                defer until 2026-06-15T06:00:00Z (gap) because of d1
                at 2026-06-15T04:00:00Z, policy \(policy.version)
                  erased       pass   the customer was not erased
                  suppressed   pass   no suppression of this address blocks the class
                  consent      pass   the topic asks for no consent
                  paused       pass   the customer has not paused marketing
                  duplicate    pass   not the same campaign twice per customer
                  duplicate    pass   not the same campaign twice per address
                  gap          defer  4h after the last one per customer; until 2026-06-15T06:00:00Z [d1]
                  quiet-hours  pass   the customer has no quiet hours
                  expired      pass   the request can still be sent in time

                """)
        let back = try JSONDecoder().decode(PolicyExplanation.self, from: Data(explanation.json.utf8))
        #expect(back == explanation)
        #expect(
            explanation.json.hasPrefix(
                #"{"evidence":["d1"],"findings":[{"evidence":[],"note":"the customer was not erased","opinion":"pass","rule":"erased"}"#
            ))
    }
}
