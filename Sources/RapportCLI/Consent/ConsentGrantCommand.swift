import ArgumentParser
import RapportApp
import RapportCore
import RapportHub

struct ConsentGrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Enter a yes that a customer gave to a colleague.",
        discussion: """
            Topics are the contact policy's, channels are email, sms, webhook and ivr; * stands for all (quote it in a \
            shell). The ledger keeps who entered it ($RAPPORT_USER, else $USER) and the wording.

              rapport consent grant c42 offers email --wording "Yes (form 17)"
              rapport consent grant c42 news '*' --at 2026-03-01T10:00:00+01:00

            A yes with --at before a later no is refused.

            Where the policy asks a topic for a double opt-in, a yes counts only when it is confirmed: by the \
            customer, on the page that a link in a message opens, or with --confirmed by you, for the addresses that the \
            customer has now.

              rapport consent grant c42 offers email --confirmed --wording "Signed at the fair (form 17)"
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var who: CustomerArgument

    @Argument(help: "A topic of the contact policy, or *.")
    var topic: String

    @Argument(help: "email, sms, webhook, ivr, or *.")
    var channel: String

    @Option(name: .long, help: "What the customer was asked or said: the proof.")
    var wording: String?

    @Option(name: .long, help: ArgumentHelp("When, if not now, such as 2026-03-01T10:00:00Z.", valueName: "instant"))
    var at: InstantArgument?

    @Flag(name: .long, help: "The customer has confirmed it, on paper or elsewhere; you answer for that.")
    var confirmed = false

    func run() async throws {
        try await Failure.told {
            try await ConsentEntering(store: store, output: output).run(who.customer) { hub in
                ConsentChange(
                    scope: try ConsentScope(topic: topic, channel: channel, policy: try hub.policy.current),
                    isGrant: true, isConfirmed: confirmed,
                    wording: wording, at: at?.instant, author: Author.name)
            }
        }
    }
}
