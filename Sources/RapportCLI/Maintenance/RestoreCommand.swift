import ArgumentParser
import RapportApp
import RapportLog

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup in the store's place, while the hub is stopped.",
        discussion: """
            The store that was there is kept beside it under another name. The backup stays as it is; one of an older \
            version is brought up to date in its new place. Refused while another command is at work on the store.

            Nothing is known any more of what happened since the backup was made, opt-outs and erasures included: enter \
            them again before you start the hub; the store that was kept has them. Campaigns that were being sent then \
            are paused, because they would write to people again: look at them, then ‘rapport campaign cancel’ or \
            ‘resume’. Single messages that waited then leave when the hub starts.

            Example:
              rapport restore /var/backups/rapport-2026-11-29.db
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "What ‘rapport backup’ has written.", completion: .file())
    var file: String

    func run() async throws {
        try await Failure.told {
            let configuration = try store.configuration()
            let restored = try await HubContext.restore(configuration, from: file)
            let paused = restored.paused.map(\.description)
            if output.json {
                JSONLine.show([
                    ("position", .number(Int(restored.position))), ("paused", JSONField(paused)),
                    ("kept", JSONField(restored.kept)),
                ])
            } else {
                Terminal.line("\(configuration.storePath) is \(file), the log up to i\(restored.position)")
                if let kept = restored.kept { Terminal.line("  what was there is \(kept)") }
                for name in paused { Terminal.line("  \(PlainText.line(name)) is paused") }
            }
        }
    }
}
