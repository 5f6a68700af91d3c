import ArgumentParser
import RapportApp
import RapportCore
import RapportHub

struct SuppressionLiftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lift", abstract: "Use an address again that was suppressed by mistake or is back.",
        discussion: """
            Ends the suppressions of the address that have the reason: hard-bounce, invalid or manual. Others stay. What was \
            skipped meanwhile is not sent again. It is one row of the log, in the name of $RAPPORT_USER, else $USER.

              rapport suppression lift ana@example.com --reason hard-bounce

            A STOP and a complaint are the customer's own word, and nobody else takes them back: a START from the number lifts \
            a STOP. What stands for an erased customer's address stays, too. Lifting what is not there is an error.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var which: SuppressionArgument

    @Option(name: .long, help: "Which; a STOP and a complaint stay.")
    var reason: Suppression.Reason

    func run() async throws {
        try await Failure.told {
            let (address, lifted) = try await store.withHub { hub in
                let address = try hub.address(which.address)
                let desk = hub.suppressionDesk(adapter: "cli", author: Author.name)
                return (address, try await desk.lift(reason, from: address))
            }
            let remaining = lifted.remaining.map(\.rawValue)
            if output.json {
                JSONLine.show([
                    ("address", .text(address.deliverableURI)), ("reason", .text(reason.rawValue)),
                    ("interaction", .text(lifted.interaction.description)), ("remaining", JSONField(remaining)),
                ])
            } else {
                let name = PlainText.line(address.deliverableURI)
                Terminal.line("\(name) is not suppressed for \(reason.rawValue) any more (\(lifted.interaction))")
                if !remaining.isEmpty {
                    Terminal.line("it still is for \(remaining.joined(separator: ", "))")
                }
            }
        }
    }
}
