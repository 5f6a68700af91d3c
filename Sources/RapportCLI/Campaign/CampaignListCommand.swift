import ArgumentParser
import RapportApp
import RapportCore
import RapportLog

struct CampaignListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "All campaigns, those that were never sent too.",
        discussion: """
              rapport campaign list --json

            The latest run first, then the folders of which nothing was sent (state “unsent”).
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Failure.told {
            let (sent, unsent) = try await store.withHub { hub in
                let runs = try await CampaignRuns.read(hub)
                var sent: [(CampaignRecord, CampaignProgress)] = []
                for record in runs.records {
                    sent.append((record, try await hub.store.progress(record.key, at: hub.clock())))
                }
                return (sent, runs.unsent)
            }
            if output.json {
                for (record, progress) in sent { JSONLine.show(CampaignText.fields(record, progress)) }
                for name in unsent {
                    JSONLine.show([("campaign", .text(name)), ("occurrence", .null), ("state", "unsent")])
                }
            } else {
                table(sent, unsent).show()
            }
        }
    }

    private func table(_ sent: [(CampaignRecord, CampaignProgress)], _ unsent: [String]) -> Table {
        var table = Table(
            ["CAMPAIGN", "STATE", "PLANNED", "SENT", "WAITING", "SKIPPED", "FAILED", "ANSWERED", "STARTED"],
            rightAligned: [2, 3, 4, 5, 6, 7])
        for (record, progress) in sent {
            let counts = CampaignCounts(progress)
            table.add([
                record.key.description, record.state.rawValue, "\(progress.planned)", "\(counts.sent)",
                "\(counts.waiting)", "\(counts.skipped)", "\(counts.failed + counts.unknown)", "\(progress.responded)",
                record.startedAt.map { LocalTime.minute($0) } ?? "–",
            ])
        }
        for name in unsent { table.add([name, "unsent"] + Array(repeating: "–", count: 7)) }
        return table
    }
}
