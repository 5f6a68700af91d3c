import ArgumentParser
import RapportApp
import RapportCore
import RapportHub

struct SuppressionAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Keep messages from an address, whoever has it.",
        discussion: """
            It holds at once, for what is planned already, too, and makes no customer. It is one row of the log, in the name \
            of $RAPPORT_USER, else $USER. An address that is suppressed for the reason already, and for as long, stays as it \
            is, and no row is written.

              rapport suppression add ana@example.com
              rapport suppression add 13800138000 --until 2027-01-01T00:00:00+08:00
              rapport suppression add bo@example.com --reason complaint

            What a customer says of topics and channels is entered with ‘rapport consent deny’; many addresses are brought in \
            with ‘rapport suppression import’.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var which: SuppressionArgument

    @Option(name: .long, help: "Why; ‘invalid’ is the hub's own to say.")
    var reason = Suppression.Reason.manual

    @Option(
        name: .long,
        help: ArgumentHelp("When it ends by itself, such as 2027-01-01T00:00:00Z; else never.", valueName: "instant"))
    var until: InstantArgument?

    func run() async throws {
        try await Failure.told {
            let (added, now) = try await store.withHub { hub in
                let entry = SuppressionEntry(
                    address: try hub.address(which.address), reason: reason, until: until?.instant)
                let desk = hub.suppressionDesk(adapter: "cli", author: Author.name)
                return (try await desk.add(entry), hub.clock())
            }
            if output.json {
                JSONLine.show(
                    SuppressionText.fields(added.suppression, at: now) + [
                        ("new", .flag(added.interaction != nil)),
                        ("interaction", JSONField(added.interaction?.description)),
                    ])
            } else {
                Terminal.line(Self.text(added))
            }
        }
    }

    static func text(_ added: SuppressionDesk.Added) -> String {
        let suppression = added.suppression
        let name = PlainText.line(suppression.address.deliverableURI)
        let end = suppression.until.map { " until \(LocalTime.zoned($0))" } ?? ""
        let which = added.interaction.map { " (\($0))" } ?? " already (\(suppression.id.text("s")))"
        return "\(name) is suppressed for \(suppression.reason.rawValue)\(end)\(which)"
    }
}
