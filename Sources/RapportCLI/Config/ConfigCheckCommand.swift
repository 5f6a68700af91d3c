import ArgumentParser
import RapportApp
import RapportPolicy

struct ConfigCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look at everything the hub will need, before it needs it.",
        discussion: """
            Reads the configuration, the contact policy, every menu below templates/ivr and every campaign below \
            templates/campaigns with its templates, and looks whether every secret is where it should be. Each problem is \
            printed as FILE:LINE:COLUMN. Run it in the environment that the hub runs in, or secrets from the \
            environment are missing. The store is not opened, nothing is sent, and secrets are not shown.

            Exit codes: 0 nothing is wrong; 1 something is.

            Examples:
              rapport config check
              rapport config check --config /etc/rapport/rapport.yaml && systemctl restart rapport
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Failure.told {
            let file = store.file
            let configuration: HubConfiguration
            do {
                configuration = try store.configuration()
            } catch {
                show(ConfigurationCheck.problems(of: error, at: Place(file: file)))
                throw ExitCode(1)
            }
            let check = ConfigurationCheck(configuration)
            guard check.problems.isEmpty else {
                show(check.problems)
                throw ExitCode(1)
            }
            if output.json { return }
            Terminal.line("\(Style.green("good"))  \(file)")
            var lines = Labelled()
            lines.add("policy", check.policy.map { "version \($0.version), \(Spoken.count($0.topics.count, "topic"))" })
            lines.add("adapters", configuration.adapters.map(\.name).joined(separator: ", "))
            lines.add("menus", check.menus.joined(separator: ", "))
            lines.add("campaigns", check.campaigns.joined(separator: ", "))
            lines.show()
        }
    }

    private func show(_ problems: [ConfigurationError]) {
        for problem in problems {
            if output.json {
                JSONLine.show([
                    ("file", JSONField(problem.place?.file)), ("line", JSONField(problem.place?.line)),
                    ("column", JSONField(problem.place?.column)), ("message", .text(problem.message)),
                ])
            } else {
                Terminal.line(PlainText.line(problem.description))
            }
        }
        Terminal.error("rapport: \(Spoken.count(problems.count, "problem"))")
    }
}
