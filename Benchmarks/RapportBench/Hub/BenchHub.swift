import Foundation
import Glibc
import RapportTestServers

/// An installed hub with everything that rows need: webhooks and mail coming in, mail going out to a sink.
final class BenchHub: Sendable {
    let installation: RapportInstallation
    let port: Int
    let mailPort: Int

    /// - Parameters:
    ///   - sinkPort: where its mail goes; nowhere without one.
    ///   - store: a folder with a store to copy.
    init(_ bench: Bench, sinkPort: Int? = nil, store: String? = nil) throws {
        port = try FreePort.take()
        mailPort = try FreePort.take()
        let configuration = BenchConfiguration(port: port, mailPort: mailPort, sinkPort: sinkPort ?? 9)
        installation = try RapportInstallation(
            configuration: configuration.text, environment: BenchConfiguration.environment, binary: bench.binary)
        try installation.folder.write(BenchConfiguration.policy, to: "policy.yaml")
        if let store {
            try FileManager.default.copyItem(atPath: store, toPath: dataFolder)
            // The system would write gigabytes of the copy to the disk while the hub is being measured.
            sync()
        } else {
            try installation.folder.makeFolder("data")
        }
    }

    var dataFolder: String { installation.folder.path("data") }
    var storePath: String { installation.folder.path("data/rapport.db") }

    func start(within limit: Duration = .seconds(120)) async throws -> RapportProcess {
        try await installation.serve(port: port, within: limit)
    }

    /// Starts it, and ends it after the body.
    func running<Value>(_ body: (RapportProcess) async throws -> Value) async throws -> Value {
        let process = try await start()
        do {
            let value = try await body(process)
            guard try await process.terminate() == .exited(0) else { throw BenchError("the hub ended badly") }
            tellComplaints(of: process)
            return value
        } catch {
            FileHandle.standardError.write(Data((process.output + process.errors).suffix(4000).utf8))
            throw error
        }
    }

    /// What a hub found worth a warning may be why a round took longer than others.
    private func tellComplaints(of process: RapportProcess) {
        let complaints = (process.output + process.errors).split(separator: "\n").filter {
            $0.contains(" warning ") || $0.contains(" error ")
        }
        for line in complaints.prefix(20) {
            FileHandle.standardError.write(Data("    the hub’s log: \(line)\n".utf8))
        }
    }

    /// Runs a command that must succeed.
    @discardableResult
    func command(_ arguments: [String]) async throws -> CommandResult {
        let result = try await installation.run(arguments, within: .seconds(1800))
        guard result.succeeded else {
            throw BenchError(
                "rapport \(arguments.joined(separator: " ")) ended with \(result.status)\n\(result.output)\(result.errors)"
            )
        }
        return result
    }

    /// How many rows came in through an adapter, as the hub's status counts them.
    func received(by adapter: String) async throws -> Int {
        // Follow-ups that are overdue give an exit code of their own.
        let result = try await installation.run(["status", "--json"])
        let status = try JSONDecoder().decode(Status.self, from: Data(result.output.utf8))
        return status.adapters.first { $0.adapter == adapter }?.inbound ?? 0
    }

    private struct Status: Decodable {
        struct Adapter: Decodable {
            var adapter: String
            var inbound: Int
        }
        var adapters: [Adapter]
    }
}
