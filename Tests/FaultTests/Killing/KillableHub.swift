import Foundation
import RapportSQLite
import RapportTestServers
import Testing

/// The real hub, ended and started again on one store as often as a test wants.
final class KillableHub {
    let port: Int
    let installation: RapportInstallation
    private var process: RapportProcess?

    /// - Parameters:
    ///   - adapters: lines of YAML below `adapters:`.
    ///   - environment: the secrets that they name.
    ///   - more: further lines of the configuration.
    init(port: Int, adapters: [String], environment: [String: String] = [:], more: String = "") throws {
        self.port = port
        let configuration = """
            store: sqlite:data/rapport.db
            http: { listen: "127.0.0.1:\(port)", publicURL: "https://hub.rapport.test" }
            region: CN
            policy: policy.yaml
            templates: templates
            secret: env:HUB_SECRET
            \(more)
            adapters:
            \(adapters.map { "  \($0)" }.joined(separator: "\n"))

            """
        let secrets = environment.merging(["HUB_SECRET": "a secret that signs links and receipts"]) { ours, _ in ours }
        installation = try RapportInstallation(configuration: configuration, environment: secrets)
        let policy = """
            timeZone: Asia/Shanghai
            topics:
              news: { title: "News", consent: opt-out }
              care: { title: "Your service request", consent: none }
            rules:
              - responded: { within: 60d }

            """
        try installation.folder.write(policy, to: "policy.yaml")
    }

    /// What the hub that runs, or ran last, has logged.
    var log: String { process.map { $0.output + $0.errors } ?? "" }
    var isRunning: Bool { process?.isRunning ?? false }

    /// Starts it and does not wait: it may be ended before it is ready.
    func start() async throws { process = try await installation.start(["serve"]) }

    /// Starts it and waits until it takes requests.
    func startAndWait() async throws { process = try await installation.serve(port: port) }

    /// Waits until one that was started takes requests.
    func waitUntilReady() async throws {
        try await Eventually.true("the hub to be ready", log: { log }) {
            (try? await LoopbackHTTP.get("/readyz", port: port).status) == 200
        }
    }

    /// Ends it with SIGKILL, at whatever it was doing.
    func kill() async throws { try await process?.kill() }

    /// What ends it with SIGKILL at once, from whatever thread.
    var killNow: @Sendable () -> Void { { [process] in process?.killNow() } }

    /// Waits until it was ended by somebody else.
    func waitUntilKilled() async throws {
        let exit = try await process?.exit(within: .seconds(180))
        guard exit == .killed(signal: 9) else { throw TestServerError("the hub ended by itself", log: log) }
    }

    /// Ends it with SIGTERM and waits until it is gone.
    func terminate() async throws -> ProcessExit? { try await process?.terminate() }

    /// Runs a command that must succeed.
    @discardableResult
    func command(_ arguments: [String]) async throws -> CommandResult {
        let result = try await installation.run(arguments, within: .seconds(300))
        guard result.succeeded else {
            throw TestServerError(
                "rapport \(arguments.joined(separator: " ")) ended with \(result.status)",
                log: result.output + result.errors)
        }
        return result
    }

    /// Looks at what an ended hub has left. It looks at a copy, so that the hub itself finds its files as they were left.
    func look<Value: Sendable>(_ body: (SQLiteStore) async throws -> Value) async throws -> Value {
        let copy = try ScratchFolder("copy")
        for ending in ["", "-wal"] {
            let file = installation.folder.path("data/rapport.db\(ending)")
            guard FileManager.default.fileExists(atPath: file) else { continue }
            try FileManager.default.copyItem(atPath: file, toPath: copy.path("rapport.db\(ending)"))
        }
        let store = try await SQLiteStore.open(path: copy.path("rapport.db"))
        do {
            let value = try await body(store)
            try await store.close()
            return value
        } catch {
            try? await store.close()
            throw error
        }
    }

    /// Waits until a count that only the other side of the hub knows has come far enough, then leaves a little to chance.
    func wait(until count: Int, pause: Duration, _ now: () -> Int) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: .seconds(180))
        while now() < count {
            guard isRunning else { throw TestServerError("the hub ended by itself", log: log) }
            guard clock.now < deadline else { throw TestServerError("stuck at \(now()) of \(count)", log: log) }
            try await Task.sleep(for: .milliseconds(1))
        }
        try await Task.sleep(for: pause)
    }
}
