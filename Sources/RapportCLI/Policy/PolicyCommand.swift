import ArgumentParser

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "The contact policy: check it, try it, ask it why.",
        discussion: """
            The contact policy decides before every message whether it goes, waits or is dropped. A running hub reads it \
            again on SIGHUP; a file with a mistake changes nothing.
            """,
        subcommands: [PolicyCheckCommand.self, PolicyTestCommand.self, PolicyExplainCommand.self])
}
