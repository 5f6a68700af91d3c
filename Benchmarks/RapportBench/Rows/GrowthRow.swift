import Foundation
import RapportCore
import RapportSQLite
import RapportTestServers

/// Webhooks and a campaign on the log of years against the same work on a log that has only just begun.
struct GrowthRow: Row {
    static let name = "growth"

    func measure(_ bench: Bench) async throws -> [Line] {
        var bench = bench
        bench.rounds = min(bench.rounds, BigStore.groups)
        let big = try await BigStore(bench).seeded(bench)
        return [try await webhooks(bench, big: big), try await campaign(bench, big: big)]
    }

    /// The same customers in the same order, with the same campaigns behind them; the small log knows no others.
    private func webhooks(_ bench: Bench, big: SeededStore) async throws -> Line {
        let count = bench.scale(small: 10_000, full: 60_000)
        let known = bench.scale(small: 2_000, full: 20_000)
        let mix = CustomerMix(known: known, stride: BigStore(bench).customers / known)
        let small = try await Self.store(of: (0..<known).map { BenchCustomer($0 * mix.stride) }, bench)
        let results = try await bench.alternate { _ in
            try await WebhookRow.hub(count, mix: mix, store: small, bench).load.perSecond
        } ours: { _ in
            try await WebhookRow.hub(count, mix: mix, store: big, bench).load.perSecond
        }
        return Line(
            name, "webhooks", unit: "/s", raw: Statistics.median(results.map(\.raw)),
            ours: Statistics.median(results.map(\.ours)), target: .ratio(0.8))
    }

    /// A fifth of the customers, who got two campaigns before; the small log has no others.
    private func campaign(_ bench: Bench, big: SeededStore) async throws -> Line {
        let size = BigStore(bench).groupSize
        let small = try await Self.store(of: (0..<size).map(BenchCustomer.init), bench)
        let sink = try await SMTPSink.start(keepingMails: false)
        let results = try await bench.alternate { _ in
            try await Self.send(from: small, group: 0, recipients: size, sink, bench)
        } ours: { round in
            try await Self.send(from: big, group: round, recipients: size, sink, bench)
        }
        await sink.stop()
        return Line(
            name, "campaign", unit: "/s", raw: Statistics.median(results.map(\.raw)),
            ours: Statistics.median(results.map(\.ours)), target: .ratio(0.8))
    }

    private static func send(
        from store: SeededStore, group: Int, recipients: Int, _ sink: SMTPSink, _ bench: Bench
    ) async throws -> Double {
        let hub = try BenchHub(bench, sinkPort: sink.port, store: store.folder)
        let run = try await hub.running { process in
            try await CampaignRun.send(
                CampaignTemplate(name: "bench", audience: "{ tags: [g\(group)] }"), recipients: recipients, from: hub,
                process, sinkPort: sink.port)
        }
        return run.perSecond
    }

    private static func store(
        of customers: [BenchCustomer], _ bench: Bench
    ) async throws -> SeededStore {
        let hub = try BenchHub(bench)
        let store = try await SQLiteStore.open(path: hub.storePath)
        let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
        _ = try await LogSeeder(store: store, now: now)
            .customers(customers, groupSize: BigStore(bench).groupSize)
        try await CampaignHistory(store: store).write(to: customers, now: now)
        try await store.close()
        return SeededStore(folder: hub.dataFolder, keeping: hub.installation)
    }
}
