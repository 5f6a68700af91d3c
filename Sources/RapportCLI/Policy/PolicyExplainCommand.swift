import ArgumentParser
import RapportApp
import RapportCore
import RapportLog

struct PolicyExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why a customer would or would not get a campaign.",
        discussion: """
            For every route to the customer (each address that a channel of the campaign can use) it prints the verdict \
            and then every rule: what it says, and the entries it goes by (k: consent, s: suppression, d: message sent, \
            f: follow-up, i: interaction). Nothing is sent or stored.

            It goes by what is known now, also when --at asks about another instant. A message of this very campaign that \
            the customer already has is named, and not counted against itself.

            Examples:
              rapport policy explain --customer c42 --campaign spring-brochure
              rapport policy explain --customer c42 --campaign newsletter --occurrence 2026-03 --channel sms
              rapport policy explain --customer c42 --campaign spring-brochure --at 2026-03-28T22:30:00+08:00
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "Who: an id such as c42, or an address.")
    var customer: String

    @Option(name: .long, help: "The campaign's name, as its folder is called.")
    var campaign: String

    @Option(name: .long, help: "Which run of it; the one that campaign.yaml names when not given.")
    var occurrence: String?

    @Option(
        name: .long, help: ArgumentHelp("When, as 2026-03-28T22:30:00+08:00; now when not given.", valueName: "time"))
    var at: InstantArgument?

    @Option(name: .long, help: "Only routes over this channel.")
    var channel: OutboundChannel?

    func run() async throws {
        try await Failure.told {
            let explanation = try await store.withHub { hub in
                let explainer = PolicyExplainer(hub: hub, campaign: campaign, occurrence: occurrence)
                let found = try await hub.resolve(customer: customer).customer
                return try await explainer.explain(found, at: at?.instant ?? hub.clock(), channel: channel?.channel)
            }
            if output.json {
                for fields in explanation.fields { JSONLine.show(fields) }
            } else {
                for line in explanation.lines { Terminal.line(line) }
            }
        }
    }
}
