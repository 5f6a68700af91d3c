import RapportTestServers

/// Signed webhooks over 64 connections: durable before 2xx, repetitions found, customers resolved; against a server that
/// sends them back, and against one that makes each of them a row first and does nothing else.
struct WebhookRow: Row {
    static let name = "webhooks"

    func measure(_ bench: Bench) async throws -> [Line] {
        let count = bench.scale(small: 10_000, full: 60_000)
        let known = bench.scale(small: 2_000, full: 20_000)
        let store = try await SeededStore.imported(0..<known, bench)
        let results = try await bench.alternate { _ in
            (
                echo: try await Self.echo(count, mix: .init(known: known), makingRows: false),
                rows: try await Self.echo(count, mix: .init(known: known), makingRows: true)
            )
        } ours: { _ in
            try await Self.hub(count, mix: .init(known: known), store: store, bench)
        }
        let slowest = results.map { $0.ours.load.percentile(0.99) }
        return [
            Line(
                name, "accepted", unit: "/s", raw: Statistics.median(results.map(\.raw.echo.perSecond)),
                ours: Statistics.median(results.map(\.ours.load.perSecond)), target: .ratio(0.6)),
            Line(
                name, "beside a row each", unit: "/s", raw: Statistics.median(results.map(\.raw.rows.perSecond)),
                ours: Statistics.median(results.map(\.ours.load.perSecond))),
            Line(
                name, "p50", unit: "ms", raw: Statistics.median(results.map { $0.raw.echo.percentile(0.5) }),
                ours: Statistics.median(results.map { $0.ours.load.percentile(0.5) })),
            Line(
                name, "p99", unit: "ms", raw: Statistics.median(results.map { $0.raw.echo.percentile(0.99) }),
                ours: Statistics.median(slowest), target: .atMost(50)),
            Line(name, "peak memory", unit: "MB", ours: results.map(\.ours.memory).max() ?? 0),
        ]
    }

    /// The load on the raw server.
    static func echo(_ count: Int, mix: CustomerMix, makingRows: Bool) async throws -> LoadReport {
        let server = try await EchoServer.start(makingRows: makingRows)
        let requests = try WebhookRequests(port: server.port).book(count, customer: mix.customer)
        let report = try await HTTPLoad(port: server.port).run(requests)
        await server.stop()
        guard report.failed == 0 else { throw BenchError("the echo server failed: \(report.failures)") }
        if let rows = server.rows, try RowFile(rows).count != count { throw BenchError("rows are missing") }
        return report
    }

    /// The same load on a hub that begins with a copy of `store`.
    static func hub(
        _ count: Int, mix: CustomerMix, store: SeededStore, _ bench: Bench
    ) async throws -> (load: LoadReport, memory: Double) {
        let hub = try BenchHub(bench, store: store.folder)
        return try await hub.running { process in
            let requests = try WebhookRequests(port: hub.port).book(count, customer: mix.customer)
            let report = try await HTTPLoad(port: hub.port).run(requests)
            guard report.failed == 0 else { throw BenchError("webhooks failed: \(report.failures)") }
            guard try await hub.received(by: "shop") == count else { throw BenchError("webhooks are missing") }
            return (report, ProcessFigures.peakMemory(process.identifier))
        }
    }
}
