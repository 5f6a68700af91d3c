import Foundation
import RapportTestServers
import Testing

/// A real hub with its own store, and the commands that people run beside it.
final class Hub {
    let setup: HubSetup
    let installation: RapportInstallation
    private(set) var process: RapportProcess

    var port: Int { setup.port }
    var folder: ScratchFolder { installation.folder }
    /// What the hub has logged since it was started last.
    var log: String { process.output + process.errors }

    private init(_ setup: HubSetup, _ installation: RapportInstallation, _ process: RapportProcess) {
        (self.setup, self.installation, self.process) = (setup, installation, process)
    }

    /// Writes the configuration without starting anything.
    static func install(_ setup: HubSetup) throws -> RapportInstallation {
        let installation = try RapportInstallation(
            configuration: setup.configuration, environment: setup.environment)
        try installation.folder.write(setup.policy, to: "policy.yaml")
        return installation
    }

    /// Runs a hub for the length of a story. At its end the log must explain every projection.
    static func with(
        _ setup: HubSetup, prepare: (RapportInstallation) throws -> Void = { _ in }, _ body: (Hub) async throws -> Void
    ) async throws {
        let installation = try install(setup)
        try prepare(installation)
        let hub = Hub(setup, installation, try await installation.serve(port: setup.port))
        do {
            try await body(hub)
            try await hub.command(["rebuild", "--verify"])
        } catch {
            Issue.record("the hub's log:\n\(hub.log)")
            try? await hub.process.kill()
            throw error
        }
        #expect(try await hub.process.terminate() == .exited(0), "\(hub.log)")
    }

    /// Starts it again on the same store.
    func start() async throws { process = try await installation.serve(port: port) }

    /// Runs a command that must succeed.
    @discardableResult
    func command(_ arguments: [String], input: String? = nil) async throws -> CommandResult {
        let result = try await installation.run(arguments, input: input)
        guard result.succeeded else {
            throw TestServerError(
                "rapport \(arguments.joined(separator: " ")) ended with \(result.status)",
                log: result.output + result.errors)
        }
        return result
    }

    /// The objects that a command prints with `--json`.
    func rows(_ arguments: [String]) async throws -> [JSON] {
        try await command(arguments + ["--json"]).lines.map { try JSON($0) }
    }

    /// `status --json`, whatever it says of the hub's health.
    func status() async throws -> (code: Int?, json: JSON) {
        let result = try await installation.run(["status", "--json"])
        return (result.status.code, try JSON(result.output))
    }

    /// Everything in the log, oldest first.
    func interactions(kind: String? = nil) async throws -> [JSON] {
        let rows = try await rows(["log", "--after", "i0", "--limit", "5000"])
        return kind.map { kind in rows.filter { $0["kind"].text == kind } } ?? rows
    }

    /// Waits for rows of a kind, and returns them all once there are `count`.
    @discardableResult
    func interactions(kind: String, count: Int, within limit: Duration = .seconds(30)) async throws -> [JSON] {
        try await Eventually.value("\(count) \(kind)", within: limit, log: { log }) {
            let rows = try await interactions(kind: kind)
            return rows.count >= count ? rows : nil
        }
    }

    func customer(_ who: String) async throws -> JSON {
        try #require(try await rows(["customer", "show", who]).first)
    }

    /// Reasons for which addresses of a customer must not be used now.
    func suppressions(of who: String) async throws -> [String] {
        try await customer(who)["suppressions"].list.filter { $0["active"].flag == true }
            .compactMap { $0["reason"].text }
    }

    /// Reads customers from lines of CSV below a fixed head.
    @discardableResult
    func importCustomers(_ lines: [String]) async throws -> CommandResult {
        let head = "id,name,email,phone,language,owner,tags,consents"
        let file = try folder.write(([head] + lines).joined(separator: "\n") + "\n", to: "customers.csv")
        return try await installation.run(["customer", "import", file])
    }

    func post(_ path: String, headers: [String: String] = [:], body: String) async throws -> LoopbackHTTP.Answer {
        try await LoopbackHTTP.post(path, port: port, headers: headers, body: body)
    }
}
