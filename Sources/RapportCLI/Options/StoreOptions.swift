import ArgumentParser
import Foundation
import RapportApp
import RapportLog

/// Which configuration, and so which store, a command works on.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("The configuration; else $RAPPORT_CONFIG, else rapport.yaml.", valueName: "file"))
    var config: String?

    /// The file that the options, the environment or habit name.
    var file: String {
        config ?? ProcessInfo.processInfo.environment["RAPPORT_CONFIG"] ?? "rapport.yaml"
    }

    func configuration() throws -> HubConfiguration {
        try HubConfiguration(file: file)
    }

    /// Opens the store for one command and closes it afterwards, whatever happens.
    ///
    /// - Parameter mayMakeStore: for commands that bring in the first customers or mails.
    func withHub<Result: Sendable>(
        mayMakeStore: Bool = false, _ body: (HubContext) async throws -> Result
    ) async throws -> Result {
        let context = try await HubContext.open(configuration(), mayMakeStore: mayMakeStore)
        // Until the store is closed, no backup may be put in its place.
        defer { withExtendedLifetime(context) {} }
        let result: Result
        do {
            result = try await body(context)
        } catch {
            try? await context.store.close()
            throw error
        }
        try await context.store.close()
        return result
    }
}

/// How a command says what it found.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "One JSON object a line, with stable names.")
    var json = false
}
