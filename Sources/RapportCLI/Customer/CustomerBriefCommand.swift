import ArgumentParser
import RapportApp
import RapportChannels
import RapportCore
import RapportHub
import RapportLog

struct CustomerBriefCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "brief", abstract: "A customer on one screen, for somebody who has never met them.",
        discussion: """
            Who they are, what is open, what was promised, what they want to hear, and the last contacts: for the half hour \
            before they come, or while the telephone rings.

              rapport customer brief "+49 30 901820"
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var who: CustomerArgument

    func run() async throws {
        try await Failure.told {
            let brief = try await store.withHub { hub -> CustomerBrief in
                let customer = try await hub.resolve(customer: who.customer).customer
                let briefs = try await CustomerBrief.read(
                    .customer(customer.id), store: hub.store, preferences: hub.readablePreferences(), now: hub.clock())
                guard let brief = briefs.first else { throw CustomerLookupError.unknown(customer.id) }
                return brief
            }
            if output.json {
                Terminal.line(brief.json.text)
            } else {
                for line in BriefText.lines(brief) { Terminal.line(line) }
            }
        }
    }
}
