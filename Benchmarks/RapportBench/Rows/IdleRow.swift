import RapportTestServers

/// A hub that has nothing to do.
struct IdleRow: Row {
    static let name = "idle"

    func measure(_ bench: Bench) async throws -> [Line] {
        let hub = try BenchHub(bench)
        return try await hub.running { process in
            try await Task.sleep(for: .seconds(10))
            let memory = ProcessFigures.memory(process.identifier)
            let before = ProcessFigures.wakeUps(process.identifier)
            let seconds = try await Stopwatch.time { try await Task.sleep(for: .seconds(10)) }
            let wakeUps = ProcessFigures.wakeUps(process.identifier) - before
            return [
                Line(name, "memory", unit: "MB", ours: memory, target: .atMost(60)),
                Line(name, "wake-ups", unit: "/s", ours: Double(wakeUps) / seconds, target: .atMost(20)),
            ]
        }
    }
}
