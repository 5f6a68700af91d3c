import ArgumentParser
import Foundation
import RapportApp
import RapportLog

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a consistent copy of the store to a new file, while the hub runs.",
        discussion: """
            The copy holds everything: the log with its payloads, customers, campaigns, the keys of erased addresses. It is \
            as private as the store itself. A file that exists is never overwritten. ‘rapport restore’ goes back to it.

            The file is there once it is whole. A backup that is cut off may leave its part beside it, under a name that \
            ends with .partial: remove it when no backup is under way.

            Example:
              rapport backup /var/backups/rapport-$(date +%F).db
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The new file.", completion: .file())
    var file: String

    func run() async throws {
        try await Failure.told {
            guard !FileManager.default.fileExists(atPath: file) else {
                throw ConfigurationError("\(file) exists already, and a backup overwrites nothing")
            }
            let position = try await store.withHub { hub in
                try await hub.store.backup(to: file)
                return try await hub.store.lastPosition()
            }
            let size = try? FileManager.default.attributesOfItem(atPath: file)[.size] as? NSNumber
            let bytes = size?.int64Value ?? 0
            if output.json {
                JSONLine.show([
                    ("file", .text(file)), ("bytes", .number(Int(bytes))), ("position", .number(Int(position))),
                ])
            } else {
                Terminal.line("\(file): \(Spoken.bytes(bytes)), the log up to about i\(position)")
            }
        }
    }
}
