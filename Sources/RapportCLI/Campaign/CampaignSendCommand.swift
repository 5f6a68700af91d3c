import ArgumentParser
import RapportApp
import RapportHub
import RapportLog

struct CampaignSendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send a campaign, and watch it go.",
        discussion: """
            Plans a message for every recipient and lets the hub send them; what is sent is what the folder says now, \
            whatever is changed there later. Each message is judged by the contact policy in the moment it leaves.

              rapport campaign send spring-brochure
              rapport campaign send newsletter --occurrence 2026-03 --detach

            Ctrl-C stops watching, not sending; the same command watches again. Cut off while planning, nothing is sent, and \
            the same command goes on, with the same file where the audience is one; what is planned needs the file no more. \
            When no hub runs, the campaign is queued and starts with ‘rapport serve’. Watching ends when all is done, or \
            when nothing will leave for a while.

            Exit code 1 when it is done and messages failed or are unknown.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "A folder below templates/campaigns; NAME@OCCURRENCE for one run of it.")
    var name: String

    @Option(name: .long, help: "Which run of it, instead of what the folder says.")
    var occurrence: String?

    @Flag(name: .long, help: "Don't watch.")
    var detach = false

    func run() async throws {
        try await Failure.told {
            CtrlC.remember()
            defer { CtrlC.forget() }
            let ending = try await store.withHub { hub in
                let source = try CampaignSource(
                    name: name, occurrence: occurrence, templates: hub.configuration.templates)
                let known = try await hub.store.campaign(source.key)
                if known == nil || known?.state == .planning {
                    try await CampaignPlanning(source: source, hub: hub).run(goesOn: known != nil)
                } else if let known, known.state == .completed || known.state == .cancelled {
                    throw CampaignError.alreadyRan(known.key, state: known.state)
                }
                let watch = CampaignWatch(key: source.key, store: hub.store, clock: hub.clock)
                return detach ? try await watch.glance() : try await watch.run()
            }
            if output.json { JSONLine.show(CampaignText.fields(ending.record, ending.progress)) }
            let told = ending.lines()
            for line in told { output.json ? Terminal.error(line) : Terminal.line(line) }
            if ending.wantsAttention { throw ExitCode(1) }
        }
    }
}
