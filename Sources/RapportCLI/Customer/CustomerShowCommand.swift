import ArgumentParser
import RapportApp
import RapportCore

struct CustomerShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "What is known of a customer, and what they want to hear.",
        discussion: """
            Profile, addresses, preferences by topic and channel, suppressed addresses, and how much there is of the rest.

              rapport customer show c42
              rapport customer show ana@example.com --json
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var who: CustomerArgument

    func run() async throws {
        try await Failure.told {
            let profile = try await store.withHub { hub in
                try await CustomerProfile.read(try await hub.resolve(customer: who.customer).customer, hub: hub)
            }
            if output.json {
                JSONLine.show(profile.fields)
            } else {
                for line in profile.lines() { Terminal.line(line) }
            }
        }
    }
}
