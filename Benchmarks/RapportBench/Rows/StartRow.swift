import RapportTestServers

/// How soon a hub with a big log is ready, and how soon it ends when it is told to while webhooks come in.
struct StartRow: Row {
    static let name = "start"

    func measure(_ bench: Bench) async throws -> [Line] {
        let hub = try BenchHub(bench, store: try await BigStore(bench).seeded(bench).folder)
        let mix = CustomerMix(known: BigStore(bench).customers)
        let count = bench.scale(small: 20_000, full: 100_000)
        var ready: [Double] = []
        var stopped: [Double] = []
        for _ in 0..<bench.rounds {
            var started: RapportProcess?
            ready.append(try await Stopwatch.time { started = try await hub.start() })
            guard let process = started else { throw BenchError("the hub did not start") }
            let requests = try WebhookRequests(port: hub.port).book(count, customer: mix.customer)
            async let load = HTTPLoad(port: hub.port, mayBeCutOff: true).run(requests)
            try await Task.sleep(for: .seconds(1))
            var status = ProcessExit.exited(-1)
            stopped.append(try await Stopwatch.time { status = try await process.terminate() })
            let report = try await load
            guard status == .exited(0) else { throw BenchError("the hub ended with \(status)") }
            guard report.answered < count else { throw BenchError("the load was over before the hub was told to end") }
        }
        return [
            Line(name, "ready", unit: "s", ours: Statistics.median(ready), target: .atMost(2)),
            Line(name, "stopped under load", unit: "s", ours: Statistics.median(stopped), target: .atMost(5)),
        ]
    }
}
