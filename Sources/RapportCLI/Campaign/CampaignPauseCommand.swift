import ArgumentParser
import RapportHub

struct CampaignPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Hold a campaign that is being sent.",
        discussion: """
            What has been handed to a server has left; everything else waits until ‘rapport campaign resume’.

              rapport campaign pause newsletter@2026-03
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var which: CampaignRunArgument

    func run() async throws {
        try await Failure.told {
            try await CampaignMove(store: store, output: output).run(which.name) { try await $0.pause($1) }
        }
    }
}
