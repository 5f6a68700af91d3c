import Foundation
import RapportCore
import RapportSQLite
import RapportTestServers

/// `campaign plan`: every customer judged and every message made, nothing sent. Beside it, so that runs on different machines
/// can be compared, the SHA-256 of a kilobyte.
struct PlanRow: Row {
    static let name = "plan"

    func measure(_ bench: Bench) async throws -> [Line] {
        let customers = bench.scale(small: 20_000, full: 1_000_000)
        let hub = try BenchHub(bench)
        let seeder = try await SQLiteStore.open(path: hub.storePath)
        let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
        _ = try await LogSeeder(store: seeder, now: now)
            .customers((0..<customers).map(BenchCustomer.init), groupSize: customers)
        try await seeder.close()
        bench.say("    \(customers) customers")
        try CampaignTemplate(name: "bench").write(to: hub.installation.folder)
        let results = try await bench.alternate { _ in
            await PolicyRow.hashes(100_000)
        } ours: { _ in
            try await Self.plan(customers, hub)
        }
        return [
            Line(
                name, "verdicts", unit: "/s", raw: Statistics.median(results.map(\.raw)),
                ours: Statistics.median(results.map(\.ours.rate)), target: .atLeast(25_000)),
            Line(name, "peak memory", unit: "MB", ours: results.map(\.ours.memory).max() ?? 0, target: .atMost(200)),
        ]
    }

    private static func plan(_ customers: Int, _ hub: BenchHub) async throws -> (rate: Double, memory: Double) {
        let command = try await hub.installation.start(["campaign", "plan", "bench", "--json"])
        // The command is gone when it is done, and its memory with it, so it is looked at while it runs.
        async let memory = peak(of: command)
        let seconds = try await Stopwatch.time {
            guard try await command.exit(within: .seconds(1800)) == .exited(0) else {
                throw BenchError("campaign plan failed: \(command.errors)")
            }
        }
        let preview = try JSONDecoder().decode(Preview.self, from: Data(command.output.utf8))
        guard preview.audience == customers, preview.send == customers else {
            throw BenchError("not everybody would get it: \(command.output.prefix(2000))")
        }
        return (Double(customers) / seconds, await memory)
    }

    private static func peak(of command: RapportProcess) async -> Double {
        var peak = 0.0
        while command.isRunning {
            peak = max(peak, ProcessFigures.peakMemory(command.identifier))
            try? await Task.sleep(for: .milliseconds(50))
        }
        return peak
    }

    private struct Preview: Decodable {
        var audience: Int
        var send: Int
    }
}
