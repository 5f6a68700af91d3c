import ArgumentParser
import RapportApp
import RapportCore
import RapportLog

struct MessageShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Where a message stands, and which rule said so.",
        discussion: """
            Takes the id that ‘rapport message send’ printed, or one from a timeline or a campaign's report.

              rapport message show d17
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: ArgumentHelp("The message's id.", valueName: "d17"))
    var id: String

    func validate() throws {
        guard DispatchID(id) != nil else { throw ValidationError("expected an id such as d17, not ‘\(id)’") }
    }

    func run() async throws {
        try await Failure.told {
            guard let id = DispatchID(id) else { return }
            let row = try await store.withHub { hub in
                guard let row = try await hub.store.dispatch(id) else { throw MessageError.unknown(id) }
                return row
            }
            if output.json {
                JSONLine.show(MessageText.fields(row))
            } else {
                for line in MessageText.lines(row) { Terminal.line(line) }
            }
        }
    }
}
