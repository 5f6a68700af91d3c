import ArgumentParser
import Foundation
import RapportApp
import RapportCore
import RapportLog

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "What happened, over every channel, the newest last.",
        discussion: """
            Shows the end of the log, or with --after what follows a position, so that a program can go on where it was. \
            With --json, the fields are those of the API and of webhook feeds; payloads are left out.

            Examples:
              rapport log                                    the last 50 interactions
              rapport log --follow                           and what comes, until Ctrl-C
              rapport log --after i1200 --limit 500 --json
              rapport log --customer ana@example.com
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Option(
        name: .long,
        help: ArgumentHelp("What follows this position, such as i12; i0 for the beginning.", valueName: "position"))
    var after: InteractionID?

    @Option(name: .long, help: "At most so many, before following.")
    var limit = 50

    @Flag(name: .shortAndLong, help: "Go on with what comes, until Ctrl-C.")
    var follow = false

    @Option(name: .long, help: "Only this customer's: an id such as c42, or an address.")
    var customer: String?

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit: expected 1 to 100000") }
    }

    func run() async throws {
        try await Failure.told {
            try await store.withHub { hub in
                var reader = LogReader(store: hub.store)
                if let customer { reader.customer = try await hub.resolve(customer: customer).customer.id }
                let lines = LogLines(isJSON: output.json)
                let page = try await reader.page(after: after, limit: limit)
                lines.show(page.rows)
                guard follow else { return }
                CtrlC.remember()
                do {
                    try await CtrlC.cancelling { [reader] in
                        try await reader.follow(from: page.end) { lines.show($0) }
                    }
                } catch is CancellationError {
                    // That is how following ends.
                }
            }
        }
    }
}
