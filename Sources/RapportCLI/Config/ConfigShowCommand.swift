import ArgumentParser
import RapportApp

struct ConfigShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print every value in force, defaults included.",
        discussion: """
            Keys are those of the file, joined by dots. Of a secret only the place where it is kept is shown; tokens of \
            the API are shown by name and scopes. With --json, one {"key": …, "value": …} a line.

            Example:
              rapport config show | grep adapters.sms
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Failure.told {
            let described = try store.configuration().described
            if output.json {
                for pair in described { JSONLine.show([("key", .text(pair.key)), ("value", .text(pair.value))]) }
                return
            }
            var lines = Labelled()
            for pair in described { lines.add(pair.key, pair.value) }
            lines.show()
        }
    }
}
