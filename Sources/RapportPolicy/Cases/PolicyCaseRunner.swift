package import RapportCore

/// Puts cases to the policies that they name.
package enum PolicyCaseRunner {
    /// One result for each moment of each case, in the order of the files.
    package static func run(_ files: [PolicyCaseFile]) -> PolicyCaseReport {
        var results: [PolicyCaseResult] = []
        for file in files {
            for suite in file.suites {
                for example in suite.cases {
                    results += run(example, suite.policy, file: file.file)
                }
            }
        }
        return PolicyCaseReport(results: results)
    }

    package static func run(_ example: PolicyCase, _ policy: ContactPolicy, file: String?) -> [PolicyCaseResult] {
        example.moments.map { moment in
            let decision = policy.evaluate(example.request, example.facts, now: moment.now)
            return PolicyCaseResult(
                file: file, name: example.name, now: moment.now,
                differences: moment.expect.differences(from: decision), policyVersion: policy.version)
        }
    }
}

/// What became of one case at one instant.
package struct PolicyCaseResult: Hashable, Sendable {
    package var file: String?
    package var name: String
    package var now: Timestamp
    /// A sentence each; empty when the case passed.
    package var differences: [String]
    package var policyVersion: String

    package var passed: Bool { differences.isEmpty }
}
