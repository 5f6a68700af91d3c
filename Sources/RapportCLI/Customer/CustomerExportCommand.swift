import ArgumentParser
import Foundation
import RapportApp
import RapportCore

struct CustomerExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Give a customer everything that is kept of them, as JSON.",
        discussion: """
            One JSON object: profile, addresses, the same of whoever was merged into the customer, the pause and quiet \
            hours that hold, consents, suppressions, messages, follow-ups, and the whole timeline with the bytes as they \
            came (Base64).

              rapport customer export c42 > ana.json

            With --to, the file is there once it is whole. An export that is cut off may leave its part beside it, under a \
            name that ends with .partial.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var who: CustomerArgument

    @Option(
        name: .long, help: ArgumentHelp("Write it to this new file, readable by its owner only.", valueName: "file"))
    var to: String?

    func run() async throws {
        try await Failure.told {
            try await store.withHub { hub in
                let export = CustomerExport(
                    customer: try await hub.resolve(customer: who.customer).customer, hub: hub)
                if let to {
                    try await NewPrivateFile.write(to) { file in
                        try await export.write { try file.write(contentsOf: Data($0.utf8)) }
                    }
                } else {
                    try await export.write { try FileHandle.standardOutput.write(contentsOf: Data($0.utf8)) }
                }
            }
            if let to { Terminal.error("written to \(to)") }
        }
    }
}
