import ArgumentParser

@main
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rapport-bench", abstract: "Measures Rapport against raw limits of the same machine.",
        subcommands: [RunCommand.self, CheckCommand.self, CompareCommand.self, EchoCommand.self],
        defaultSubcommand: RunCommand.self)
}
