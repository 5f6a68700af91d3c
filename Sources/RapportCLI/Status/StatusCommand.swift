import ArgumentParser
import RapportApp
import RapportCore
import RapportHub

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How the hub is, and what wants a person.",
        discussion: "Exit codes: 0 healthy, 1 something wants attention, 2 the hub is down.")

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Show it again every two seconds, until Ctrl-C.")
    var watch = false

    func run() async throws {
        try await Failure.told {
            let health = try await health()
            if health != .healthy { throw ExitCode(Int32(health.rawValue)) }
        }
    }

    private func health() async throws -> StatusReport.Health {
        do {
            return try await store.withHub { hub in
                while true {
                    let report = try await StatusReport.read(
                        from: hub.store, at: hub.clock(), adapters: hub.configuration.routes.names,
                        feeds: Set(hub.configuration.adapters.filter(\.isFeed).map(\.name)))
                    let policy = PolicyInForce.read(hub.configuration, node: report.node)
                    let adapters = hub.configuration.adapters
                    if output.json {
                        JSONLine.show(StatusText.fields(report, adapters: adapters, policy: policy))
                    } else {
                        if watch, Terminal.isInteractive { Terminal.line("\u{1B}[H\u{1B}[2J") }
                        for line in StatusText.lines(report, adapters: adapters, policy: policy) { Terminal.line(line) }
                    }
                    guard watch else { return report.health }
                    try await Task.sleep(for: .seconds(2))
                }
            }
        } catch let missing as MissingStore where output.json {
            JSONLine.show(StatusText.fields(missing))
            return .down
        }
    }
}
