import ArgumentParser
import RapportApp
import RapportCore
import RapportHub
import RapportLog

struct CampaignReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "What became of a campaign's messages, and who answered.",
        discussion: """
            Every planned message is in exactly one of the states, so they add up. Reached is what was accepted or delivered \
            and did not bounce; answered is customers who replied on any channel.

              rapport campaign report newsletter@2026-03
              rapport campaign report spring-brochure --examples 10 --json
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var which: CampaignRunArgument

    @Option(name: .long, help: "Show this many messages of each state that wants an explanation (0 to 1000).")
    var examples = 3

    func validate() throws {
        guard (0...1000).contains(examples) else { throw ValidationError("--examples: expected 0 to 1000") }
    }

    func run() async throws {
        try await Failure.told {
            let report = try await store.withHub { hub in
                let key = try await CampaignRuns.read(hub).find(which.name).key
                guard let record = try await hub.store.campaign(key) else { throw CampaignError.unknown(key) }
                return try await CampaignReport.read(record, examples: examples, hub: hub)
            }
            if output.json {
                JSONLine.show(report.fields)
            } else {
                for line in report.lines() { Terminal.line(line) }
            }
        }
    }
}
