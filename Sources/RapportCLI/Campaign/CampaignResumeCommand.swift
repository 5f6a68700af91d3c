import ArgumentParser
import RapportHub

struct CampaignResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a paused campaign go on.",
        discussion: """
            Every message is judged again before it leaves, so what changed in the meantime counts.

              rapport campaign resume newsletter@2026-03
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var which: CampaignRunArgument

    func run() async throws {
        try await Failure.told {
            try await CampaignMove(store: store, output: output).run(which.name) { try await $0.resume($1) }
        }
    }
}
