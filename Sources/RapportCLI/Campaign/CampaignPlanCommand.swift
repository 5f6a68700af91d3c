import ArgumentParser
import RapportApp
import RapportHub
import RapportLog

struct CampaignPlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "What would happen if a campaign were sent now; sends nothing.",
        discussion: """
            Judges and renders every recipient with the code that sends: how many messages would leave, wait (until when), \
            or be skipped (by which rule), which variables are missing over any of the channels, what it takes in SMS \
            segments, who can't be reached, and rows of the audience's file that name nobody. What starts later is judged \
            in the moment in which it starts.

              rapport campaign plan spring-brochure
              rapport campaign plan newsletter --occurrence 2026-03 --json

            Exit code 1 when a message can't be made or a row names nobody.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "A folder below templates/campaigns; NAME@OCCURRENCE for one run of it.")
    var name: String

    @Option(name: .long, help: "Which run of it, instead of what the folder says.")
    var occurrence: String?

    func run() async throws {
        try await Failure.told {
            let bar = ProgressBar("judging")
            defer { bar.finish() }
            let (source, preview) = try await store.withHub { hub in
                let source = try CampaignSource(
                    name: name, occurrence: occurrence, templates: hub.configuration.templates)
                try source.check(hub)
                let total = try await Self.total(of: source.definition, hub: hub)
                let preview = try await hub.campaignDesk().preview(
                    source.definition, folder: source.folder, smsSegments: SMSCost.segments
                ) { bar.show($0, of: total) }
                return (source, preview)
            }
            bar.finish()
            if output.json {
                JSONLine.show(PreviewText.fields(source.definition, preview))
            } else {
                for line in PreviewText.lines(source.definition, preview) { Terminal.line(line) }
            }
            if !preview.unrenderable.isEmpty || !preview.unrenderableFallbacks.isEmpty || !preview.problems.isEmpty {
                throw ExitCode(1)
            }
        }
    }

    /// How many there will be, when that is known before counting.
    static func total(of definition: CampaignDefinition, hub: HubContext) async throws -> Int? {
        guard case .everyone = definition.audience else { return nil }
        return try await hub.store.status(at: hub.clock()).customers
    }
}
