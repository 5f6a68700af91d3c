import ArgumentParser
import RapportApp
import RapportCore
import RapportHub

struct ConsentDenyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Enter a no that a customer gave to a colleague; it holds from now on.",
        discussion: """
            Without a topic or a channel all of them are meant. Messages that are planned already are judged again before \
            they leave, so the no reaches them too.

              rapport consent deny c42 offers sms
              rapport consent deny c42 --wording "Please leave me alone"
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var who: CustomerArgument

    @Argument(help: "A topic of the contact policy, or * for all.")
    var topic = "*"

    @Argument(help: "email, sms, webhook, ivr, or * for all.")
    var channel = "*"

    @Option(name: .long, help: "What the customer said: the proof.")
    var wording: String?

    func run() async throws {
        try await Failure.told {
            try await ConsentEntering(store: store, output: output).run(who.customer) { hub in
                ConsentChange(
                    scope: try ConsentScope(topic: topic, channel: channel, policy: try hub.policy.current),
                    isGrant: false,
                    wording: wording, at: nil, author: Author.name)
            }
        }
    }
}
