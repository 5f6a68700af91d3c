import ArgumentParser

struct ConsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "What customers allowed and forbade, and how we know.",
        discussion: """
            The ledger is never rewritten: a new entry stands beside the old ones, and the latest one decides.

              rapport consent deny ana@example.com offers sms
            """,
        subcommands: [ConsentShowCommand.self, ConsentGrantCommand.self, ConsentDenyCommand.self])
}
