import ArgumentParser

struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest", abstract: "Take in what happened before, or elsewhere.",
        subcommands: [IngestMailCommand.self])
}
