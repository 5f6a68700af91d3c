import ArgumentParser
import Foundation
import RapportApp
import RapportCore

struct CustomerExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Give a customer everything that is kept of them, as JSON.",
        discussion: """
            One JSON object: profile, addresses, consents, suppressions, messages, follow-ups, and the whole timeline with \
            the bytes as they came (Base64).

              rapport customer export c42 > ana.json
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var who: CustomerArgument

    @Option(
        name: .long, help: ArgumentHelp("Write it to this new file, readable by its owner only.", valueName: "file"))
    var to: String?

    func run() async throws {
        try await Failure.told {
            let output = try to.map { try FileHandle(newPrivateFile: $0) } ?? FileHandle.standardOutput
            try await store.withHub { hub in
                let customer = try await hub.resolve(customer: who.customer).customer
                try await CustomerExport(customer: customer, hub: hub).write { text in
                    try output.write(contentsOf: Data(text.utf8))
                }
            }
            if let to { Terminal.error("written to \(to)") }
        }
    }
}

extension FileHandle {
    /// Makes a file that only its owner can read; an existing one is never written over.
    fileprivate convenience init(newPrivateFile path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ExportError(path: path, exists: errno == EEXIST) }
        self.init(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}

/// Why an export has nowhere to go.
private struct ExportError: Error, CustomStringConvertible {
    var path: String
    var exists: Bool
    var description: String { exists ? "\(path) exists already" : "\(path) can't be made" }
}
