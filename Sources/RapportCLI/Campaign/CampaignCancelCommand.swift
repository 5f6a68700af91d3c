import ArgumentParser
import RapportHub

struct CampaignCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "End a campaign; what has not left never will.",
        discussion: """
            It can't be taken back. To send the rest after all, send the campaign again with another occurrence: nobody gets \
            the same content twice, as far as the contact policy says so.

              rapport campaign cancel spring-brochure
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var which: CampaignRunArgument

    func run() async throws {
        try await Failure.told {
            try await CampaignMove(store: store, output: output).run(which.name) { try await $0.cancel($1) }
        }
    }
}
