import ArgumentParser
import RapportApp
import RapportHub
import RapportLog

/// Plans every recipient of a campaign, with a bar, until it is done or Ctrl-C is pressed.
struct CampaignPlanning {
    let source: CampaignSource
    let hub: HubContext

    /// - Parameter goesOn: an earlier call was cut off.
    func run(goesOn: Bool) async throws {
        if goesOn { Terminal.error("planning was cut off before; going on with the campaign as it was then") }
        try source.check(hub)
        let bar = ProgressBar("planning")
        defer { bar.finish() }
        let desk = try hub.campaignDesk()
        let total = try await CampaignPlanCommand.total(of: source.definition, hub: hub)
        let (definition, folder) = (source.definition, source.folder)
        do {
            let (campaign, problems, unreachable) = try await CtrlC.cancelling {
                try await desk.send(definition, folder: folder) { bar.show($0, of: total) }
            }
            bar.finish()
            let planned = try await hub.store.progress(campaign.key, at: hub.clock()).planned
            Terminal.error(Self.text(planned: planned, unreachable: unreachable, problems: problems))
        } catch is CancellationError {
            bar.finish()
            Terminal.error("planning was cut off and nothing is sent; the same command goes on")
            throw ExitCode(130)
        }
    }

    static func text(planned: Int, unreachable: Int, problems: [AudienceProblem]) -> String {
        var parts = [Spoken.count(planned, "message") + " planned"]
        if unreachable > 0 {
            parts.append(Spoken.count(unreachable, "customer has", "customers have") + " no address for a channel")
        }
        if let first = problems.first {
            parts.append(
                Spoken.count(problems.count, "row names", "rows name")
                    + " nobody (line \(first.line): \(PlainText.line(first.reason)))")
        }
        return parts.joined(separator: "; ")
    }
}
