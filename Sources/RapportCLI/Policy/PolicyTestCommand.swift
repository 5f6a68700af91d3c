import ArgumentParser
import RapportPolicy

struct PolicyTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Put example cases to a policy and compare what it says.",
        discussion: """
            A file of cases is JSON. Policies that it names are looked for from its own folder; a policy may also stand in \
            place of its name. Neither the configuration nor the store is touched, so this belongs in your own tests.

            \(example.split(separator: "\n").joined(separator: "\n            "))

            What else a case may hold: docs/policy.md.

            Exit codes: 0 every case passed; 1 one did not; 2 a file can't be read.

            Examples:
              rapport policy test policy-cases.json
              rapport policy test cases/*.json --format tap
            """)

    /// The least that a case needs.
    static let example = """
        {
          "policy": "policy.yaml",
          "cases": [
            {
              "name": "nobody is written to without a yes",
              "now": "2026-06-15T04:00:00Z",
              "customer": { "id": "c1" },
              "request": { "class": "marketing", "topic": "offers", "channel": "email", "address": "mailto:ana@example.com" },
              "expect": { "verdict": "skip", "rule": "consent" }
            }
          ]
        }
        """

    @Argument(help: "Files of cases.")
    var files: [String]

    @Option(
        name: .long, help: "plain for people, tap (Test Anything Protocol 14) or json (one document) for programs.")
    var format: PolicyCaseReport.Format = .plain

    @Flag(name: .long, help: "The same as --format json.")
    var json = false

    func run() async throws {
        try await Failure.told {
            let report = PolicyCaseRunner.run(try files.map { try PolicyCaseFile(contentsOf: $0) })
            Terminal.line(String(report.text(json ? .json : format).dropLast()))
            if !report.passed { throw ExitCode(1) }
        }
    }
}

extension PolicyCaseReport.Format: ExpressibleByArgument {}
