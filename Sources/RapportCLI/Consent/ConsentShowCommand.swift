import ArgumentParser
import RapportApp
import RapportCore
import RapportLog

struct ConsentShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Every yes and no of a customer, in the order of time.",
        discussion: """
            What follows from them by topic and channel stands in ‘rapport customer show’; why a message may go or not says \
            ‘rapport policy explain’.

              rapport consent show c42
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var who: CustomerArgument

    func run() async throws {
        try await Failure.told {
            let entries = try await store.withHub { hub in
                try await hub.store.consents(of: try await hub.resolve(customer: who.customer).customer.id)
            }
            if output.json {
                for entry in entries { JSONLine.show(ConsentText.fields(entry)) }
            } else if entries.isEmpty {
                Terminal.line("no yes and no no")
            } else {
                ConsentText.table(entries).show()
            }
        }
    }
}
