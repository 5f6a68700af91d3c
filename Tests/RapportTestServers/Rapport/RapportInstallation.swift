import Foundation
import Glibc

/// The real `rapport` binary with a configuration in a scratch folder of its own.
package final class RapportInstallation: Sendable {
    package let folder: ScratchFolder
    package let environment: [String: String]
    private let binary: String
    private let scratch: ScratchFolder?

    /// Writes the configuration; files it names by relative path belong below `folder`.
    ///
    /// - Parameters:
    ///   - environment: secrets that the configuration takes as `env:NAME`.
    ///   - binary: another than the one that was built with the tests.
    ///   - scratch: a folder that must last as long as this.
    package init(
        configuration: String, environment: [String: String] = [:], binary: String? = nil,
        keeping scratch: ScratchFolder? = nil
    ) throws {
        self.binary = try binary ?? Self.locateBinary()
        self.scratch = scratch
        folder = try ScratchFolder("hub")
        try folder.write(configuration, to: "rapport.yaml")
        self.environment = environment.merging(["RAPPORT_CONFIG": folder.path("rapport.yaml")]) { ours, _ in ours }
    }

    /// Runs a command that ends by itself, such as `["status", "--json"]`.
    package func run(
        _ arguments: [String], input: String? = nil, within limit: Duration = .seconds(120)
    ) async throws -> CommandResult {
        try await command(arguments).run(input: input, within: limit)
    }

    /// Starts the hub and waits until `/readyz` says yes.
    ///
    /// - Parameter port: the one its configuration listens on.
    package func serve(port: Int, within limit: Duration = .seconds(60)) async throws -> RapportProcess {
        try await start(["serve"], port: port, within: limit)
    }

    /// Starts a command that keeps running. With a port, waits until `/readyz` answers there.
    package func start(
        _ arguments: [String], port: Int? = nil, within limit: Duration = .seconds(60)
    ) async throws -> RapportProcess {
        let name = "logs/\(arguments.first ?? "rapport")-\(UUID().uuidString.prefix(8))"
        try folder.makeFolder("logs")
        let child = try await ChildProcess.start(command(arguments), name: name, in: folder)
        let process = RapportProcess(child, port: port, installation: self)
        if port != nil { try await process.waitUntilReady(within: limit) }
        return process
    }

    private func command(_ arguments: [String]) -> ChildCommand {
        var command = ChildCommand(binary, arguments)
        command.environment = environment
        command.workingFolder = folder.root
        return command
    }

    /// Beside the test bundle, where one build puts both; `RAPPORT_BINARY` names another.
    package static func locateBinary() throws -> String {
        if let named = ProcessInfo.processInfo.environment["RAPPORT_BINARY"] { return named }
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(filePath: own).deletingLastPathComponent().appending(path: "rapport").path
        guard Machine.isInstalled(path) else {
            throw TestServerError("there is no rapport beside the tests: build it first")
        }
        return path
    }
}
