import ArgumentParser
import RapportApp
import RapportCore
import RapportPolicy

struct PolicyCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say everything that is wrong with a policy file.",
        discussion: """
            Prints each problem as FILE:LINE:COLUMN, what was expected there, and the nearest word that would do. For a \
            good file it prints the version that decisions are stored with, the topics, and the rules in the order in \
            which they are asked. The store is not touched.

            Exit codes: 0 the file is good; 1 it is not; 2 it can't be read.

            Examples:
              rapport policy check                 the policy that the configuration names
              rapport policy check new-policy.yaml
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The policy file; the configuration's when not given.")
    var file: String?

    func run() async throws {
        try await Failure.told {
            let path = try file ?? store.configuration().policyFile
            do {
                show(try ContactPolicy(contentsOf: path), file: path)
            } catch let error as PolicyFileError {
                show(error, file: path)
                throw ExitCode(error.problems.contains { $0.line > 0 } ? 1 : 2)
            }
        }
    }

    private func show(_ policy: ContactPolicy, file: String) {
        let rules = PolicySummary.rules(of: policy)
        guard !output.json else {
            JSONLine.show([
                ("file", .text(file)), ("ok", true), ("version", .text(policy.version)),
                ("timeZone", .text(policy.timeZone)), ("topics", .list(policy.topics.map(PolicySummary.fields))),
                ("rules", JSONField(rules)), ("problems", .list([])),
            ])
            return
        }
        Terminal.line("\(Style.green("good"))  \(file), version \(policy.version), \(policy.timeZone)")
        var topics = Table(["TOPIC", "CONSENT", "DOUBLE OPT-IN", "AGES AFTER", "TITLE"])
        for topic in policy.topics {
            topics.add([
                topic.name, topic.consent.rawValue,
                topic.doubleOptIn.isEmpty ? "–" : topic.doubleOptIn.map(\.rawValue).sorted().joined(separator: ", "),
                topic.expireAfter.map(PolicySummary.text) ?? "–", topic.title,
            ])
        }
        if !topics.isEmpty {
            Terminal.line()
            topics.show()
        }
        Terminal.line("\nrules, in the order in which they are asked:")
        Terminal.line("  " + rules.joined(separator: ", "))
    }

    private func show(_ error: PolicyFileError, file: String) {
        guard !output.json else {
            JSONLine.show([
                ("file", .text(file)), ("ok", false), ("problems", .list(error.problems.map(PolicySummary.fields))),
            ])
            return
        }
        for problem in error.problems {
            Terminal.line(PlainText.line("\(file):\(problem.line == 0 ? " " : "")\(problem)"))
        }
        let count = error.problems.count
        Terminal.error("rapport: \(Spoken.count(count, "problem")); the file is refused as a whole")
    }
}
