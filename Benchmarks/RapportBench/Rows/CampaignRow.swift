import Foundation
import RapportCore
import RapportSQLite
import RapportTestServers

/// A campaign from the first claim to the last accepted message, one row and one verdict for each recipient, against
/// `smtp-source` into the same `smtp-sink`.
struct CampaignRow: Row {
    static let name = "campaign"

    func measure(_ bench: Bench) async throws -> [Line] {
        let recipients = bench.scale(small: 10_000, full: 200_000)
        let store = try await Self.store(recipients, bench)
        let sink = try await SMTPSink.start(keepingMails: false)
        let results = try await bench.alternate { _ in
            try await Self.raw(recipients, into: sink)
        } ours: { round in
            let hub = try BenchHub(bench, sinkPort: sink.port, store: store.folder)
            let run = try await hub.running { process in
                try await CampaignRun.send(
                    CampaignTemplate(name: "bench-\(round)"), recipients: recipients, from: hub, process,
                    sinkPort: sink.port)
            }
            bench.say("    \(Int(run.perSecond)) messages/s, planned in \(Int(run.planning * 1000)) ms")
            return run
        }
        await sink.stop()
        let raw = Statistics.median(results.map(\.raw))
        return [
            Line(
                name, "sent", unit: "/s", raw: raw, ours: Statistics.median(results.map(\.ours.perSecond)),
                target: .ratio(0.85)),
            Line(
                name, "planned and sent", unit: "/s", raw: raw,
                ours: Statistics.median(results.map(\.ours.perSecondWithPlanning))),
            Line(
                name, "peak memory", unit: "MB", ours: results.map(\.ours.memory).max() ?? 0, target: .atMost(150)),
        ]
    }

    /// Messages a second of `smtp-source` over 32 connections that stay open.
    static func raw(_ count: Int, into sink: SMTPSink) async throws -> Double {
        let seconds = try await Stopwatch.time {
            try await SMTPSource.send(
                count: count, port: sink.port, to: "customer@shop.example", sessions: 32, size: 4096,
                keepingConnections: true)
        }
        return Double(count) / seconds
    }

    /// Customers who have agreed, and got two campaigns before.
    static func store(_ recipients: Int, _ bench: Bench) async throws -> SeededStore {
        let seeded = try await SeededStore.imported(0..<recipients, bench)
        let seconds = try await Stopwatch.time {
            let store = try await SQLiteStore.open(path: "\(seeded.folder)/rapport.db")
            let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
            try await CampaignHistory(store: store).write(to: (0..<recipients).map(BenchCustomer.init), now: now)
            try await store.close()
        }
        bench.say("    two earlier campaigns written in \(Int(seconds.rounded())) s")
        return seeded
    }
}
