public import ArgumentParser
import Foundation
public import Logging
import RapportApp

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the hub.",
        discussion: """
            Takes webhooks, mail and calls, sends what is planned, and answers the API, until SIGTERM or Ctrl-C. \
            SIGHUP reads the contact policy again. One hub at a time works on a store that is a file.
            """)

    @OptionGroup var store: StoreOptions

    @Option(name: .long, help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: Logger.Level = .notice

    func run() async throws {
        try await Failure.told {
            let level = logLevel
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = level
                return handler
            }
            // Before the store is opened, which may take a while: a SIGHUP meanwhile must not end the hub.
            let reloads = await ReloadSignals()
            let context = try await HubContext.open(store.configuration(), mayMakeStore: true)
            let http = context.configuration.http
            try await HubProcess(context: context, reloads: reloads, logger: Logger(label: "rapport")).run { port in
                Terminal.announce("rapport: listening on \(http.host):\(port), known as \(http.publicURL)")
            }
        }
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
