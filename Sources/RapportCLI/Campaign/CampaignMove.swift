import ArgumentParser
import RapportApp
import RapportHub
import RapportLog

/// One run of a campaign.
struct CampaignRunArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("A campaign that was sent: its name, or name@occurrence.", valueName: "campaign"))
    var name: String
}

/// Moves a campaign to another state and says how it stands: what pause, resume and cancel have in common.
struct CampaignMove {
    let store: StoreOptions
    let output: OutputOptions

    func run(_ name: String, _ move: (CampaignCourse, CampaignKey) async throws -> CampaignRecord) async throws {
        let (record, progress) = try await store.withHub { hub in
            let key = try await CampaignRuns.read(hub).find(name).key
            let record = try await move(hub.campaignCourse, key)
            return (record, try await hub.store.progress(key, at: hub.clock()))
        }
        if output.json {
            JSONLine.show(CampaignText.fields(record, progress))
        } else {
            Terminal.line("\(PlainText.line(record.key.description)) is \(record.state.rawValue)")
            Terminal.line("  " + CampaignText.counts(progress))
        }
    }
}
