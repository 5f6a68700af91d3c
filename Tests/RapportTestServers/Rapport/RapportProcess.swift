import Glibc

/// A running `rapport`, ended with the test at the latest.
package final class RapportProcess: Sendable {
    private let child: ChildProcess
    private let port: Int?
    /// Keeps the folder that it works in.
    private let installation: RapportInstallation

    init(_ child: ChildProcess, port: Int?, installation: RapportInstallation) {
        (self.child, self.port, self.installation) = (child, port, installation)
    }

    package var identifier: Int { Int(child.identifier) }
    package var isRunning: Bool { child.isRunning }
    /// What it has printed.
    package var output: String { child.output }
    /// What it has logged.
    package var errors: String { child.errors }

    /// Asks it to end, as an operator would, and waits: in-flight work gets its time.
    package func terminate(within limit: Duration = .seconds(60)) async throws -> ProcessExit {
        child.signal(SIGTERM)
        return try await child.exit(within: limit)
    }

    /// Ends it as a power failure would.
    package func kill() async throws {
        child.signal(SIGKILL)
        _ = try await child.exit(within: .seconds(20))
    }

    /// Ends it as a power failure would, without waiting until it is gone.
    package func killNow() { child.signal(SIGKILL) }

    /// Makes it read its policy again.
    package func reload() { child.signal(SIGHUP) }

    /// Presses Ctrl-C.
    package func interrupt() { child.signal(SIGINT) }

    /// Waits until it has ended by itself.
    package func exit(within limit: Duration) async throws -> ProcessExit { try await child.exit(within: limit) }

    func waitUntilReady(within limit: Duration) async throws {
        guard let port else { return }
        try await Eventually.true("the hub to be ready", within: limit, log: { output + errors }) {
            guard isRunning else { throw TestServerError("the hub ended at once", log: output + errors) }
            return (try? await LoopbackHTTP.get("/readyz", port: port).status) == 200
        }
    }
}
