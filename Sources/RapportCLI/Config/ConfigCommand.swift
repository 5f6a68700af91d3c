import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "The configuration: check it, show it, make a token for the API.",
        discussion: """
            The configuration is --config FILE, else $RAPPORT_CONFIG, else rapport.yaml. Paths in it start from its own \
            folder. Secrets never stand in it: env:NAME takes one from the environment, file:PATH from a file.
            """,
        subcommands: [ConfigCheckCommand.self, ConfigShowCommand.self, ConfigTokenCommand.self])
}
