import ArgumentParser

struct ConsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "What customers allowed and forbade, and how we know.",
        discussion: """
            The ledger is never rewritten: a new entry stands beside the old ones. A denial stands until a later consent of \
            the same scope or a narrower one: who refused one topic does not get it again by a consent to everything. \
            ‘rapport policy explain’ names the entries that decide.

              rapport consent deny ana@example.com offers sms
            """,
        subcommands: [ConsentShowCommand.self, ConsentGrantCommand.self, ConsentDenyCommand.self])
}
