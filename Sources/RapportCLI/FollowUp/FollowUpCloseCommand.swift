import ArgumentParser
import RapportApp
import RapportCore
import RapportHub

struct FollowUpCloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Close a follow-up by hand.",
        discussion: """
            An answer that goes through the hub closes it by itself; this is for what was settled elsewhere. It is one \
            row of the log, in the name of $RAPPORT_USER, else $USER. Closing a closed one is an error.

            Example:
              rapport followup close f42 --why "called back, wants the brochure by post"
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var argument: FollowUpArgument

    @Option(name: .long, help: "What became of it, for those who read it later.")
    var why: String

    func validate() throws {
        guard why.contains(where: { !$0.isWhitespace }), why.utf8.count <= 2000 else {
            throw ValidationError("--why: expected a few words, 2000 bytes at most")
        }
    }

    func run() async throws {
        try await Failure.told {
            let id = argument.id
            let row = try await store.withHub { hub in
                try await hub.customerDesk(adapter: "cli", author: Author.name).close(id, resolution: why)
            }
            if output.json {
                JSONLine.show([("id", .text(id.description)), ("interaction", .text(row.description))])
            } else {
                Terminal.line("\(id) is closed (\(row))")
            }
        }
    }
}
