import ArgumentParser
import RapportApp
import RapportCore
import RapportHub

struct FollowUpAssignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign", abstract: "Give a follow-up to a colleague, or to nobody.",
        discussion: """
            Only this follow-up changes hands; the customer keeps the owner they have. It is one row of the log.

            Examples:
              rapport followup assign f42 Lena
              rapport followup assign f42 -          nobody's again
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var argument: FollowUpArgument

    @Argument(help: "The colleague; - takes it from whoever has it.")
    var owner: String

    func validate() throws {
        guard owner.contains(where: { !$0.isWhitespace }), owner.utf8.count <= 200 else {
            throw ValidationError("owner: expected a name of at most 200 bytes, or -")
        }
    }

    func run() async throws {
        try await Failure.told {
            let id = argument.id
            let name = owner == "-" ? nil : owner
            let row = try await store.withHub { hub in
                try await hub.customerDesk(adapter: "cli", author: Author.name).assign(id, to: name)
            }
            if output.json {
                JSONLine.show([
                    ("id", .text(id.description)), ("owner", JSONField(name)), ("interaction", .text(row.description)),
                ])
            } else {
                Terminal.line(
                    name.map { "\(id) is \(PlainText.line($0))'s now (\(row))" } ?? "\(id) is nobody's now (\(row))")
            }
        }
    }
}
