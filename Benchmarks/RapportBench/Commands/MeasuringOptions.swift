import ArgumentParser
import Foundation
import RapportTestServers

/// How to measure, and with what.
struct MeasuringOptions: ParsableArguments {
    @Option(help: "How often each side is measured.")
    var rounds = 5

    @Option(help: "The binary to measure, instead of the one beside this.")
    var rapport: String?

    @Option(help: "Where big stores are kept from run to run, instead of beside the build.")
    var cache: String?

    func validate() throws {
        guard rounds > 0 else { throw ValidationError("at least one round") }
    }

    /// Measures rows; with no name all of them.
    func measure(_ names: [String], scale: Scale) async throws -> Report {
        try await measuring(scale) { bench in
            var report = Report(scale: scale, rounds: rounds)
            for row in Rows.all where names.isEmpty || names.contains(row.name) {
                bench.say("==> \(row.name)")
                report.lines += try await row.init().measure(bench)
            }
            return report
        }
    }

    /// Makes room for what is measured, and clears it away after the body.
    func measuring<Value>(_ scale: Scale, _ body: (Bench) async throws -> Value) async throws -> Value {
        let build = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent()
        // Stores belong on the disk, and /tmp may be memory.
        let scratch = try BenchScratch(beside: build)
        defer { scratch.remove() }
        return try await body(
            Bench(
                rounds: rounds, scale: scale,
                binary: try rapport.map(Self.absolute) ?? RapportInstallation.locateBinary(),
                cache: cache.map(Self.absolute) ?? build.appending(path: "bench-cache").path))
    }

    /// Measured processes work in folders of their own.
    static func absolute(_ path: String) -> String { URL(filePath: path).path }
}
