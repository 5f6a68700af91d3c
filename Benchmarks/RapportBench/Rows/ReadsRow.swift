import Foundation
import RapportTestServers

/// What people look at, on the log of years, while webhooks come in at half of full speed.
struct ReadsRow: Row {
    static let name = "reads"

    func measure(_ bench: Bench) async throws -> [Line] {
        let big = BigStore(bench)
        let hub = try BenchHub(bench, store: try await big.seeded(bench).folder)
        let mix = CustomerMix(known: big.customers)
        let rounds = bench.rounds
        return try await hub.running { _ in
            let warmUp = try WebhookRequests(port: hub.port)
                .book(bench.scale(small: 10_000, full: 40_000), customer: mix.customer)
            let half = try await HTTPLoad(port: hub.port).run(warmUp).perSecond / 2
            bench.say("    webhooks at \(Int(half))/s")
            var worst: [String: [Double]] = [:]
            for round in 0..<rounds {
                for (what, slowest) in try await Self.round(round, big: big, hub, mix: mix, rate: half) {
                    worst[what, default: []].append(slowest)
                }
            }
            return [("timeline page, p99", 5.0), ("address to brief, p99", 5), ("status, slowest", 200)].map {
                Line(name, $0.0, unit: "ms", ours: Statistics.median(worst[$0.0] ?? []), target: .atMost($0.1))
            }
        }
    }

    private static let seconds = 12.0
    private static let readsPerSecond = 100.0

    /// Half of the readers look at timelines, half of them look somebody up; beside them `rapport status` is run now and
    /// then.
    private static func round(
        _ round: Int, big: BigStore, _ hub: BenchHub, mix: CustomerMix, rate: Double
    ) async throws -> [String: Double] {
        let requests = try WebhookRequests(port: hub.port)
            .book(Int(rate * seconds), customer: { mix.customer($0 + round * 1_000_003) })
        let count = Int(readsPerSecond * (seconds - 1))
        let timelines = book(count, hub) { "/v1/customers/c\(1 + ($0 &* 7_368_787 + round) % big.customers)/timeline" }
        let lookUps = book(count, hub) { index in
            "/v1/customers?address=mailto:\(BenchCustomer((index &* 7_368_787 + round) % big.customers).mailbox)"
        }
        async let writing = HTTPLoad(port: hub.port, rate: rate).run(requests)
        async let pages = HTTPLoad(port: hub.port, connections: 2, rate: readsPerSecond).run(timelines)
        async let briefs = HTTPLoad(port: hub.port, connections: 2, rate: readsPerSecond).run(lookUps)
        var statuses: [Double] = []
        for _ in 0..<5 {
            try await Task.sleep(for: .seconds(1))
            statuses.append(try await Stopwatch.time { _ = try await hub.installation.run(["status", "--json"]) })
        }
        let (webhooks, page, brief) = try await (writing, pages, briefs)
        for report in [webhooks, page, brief] where report.failed > 0 {
            throw BenchError("requests failed: \(report.failures)")
        }
        return [
            "timeline page, p99": page.percentile(0.99), "address to brief, p99": brief.percentile(0.99),
            "status, slowest": (statuses.max() ?? 0) * 1000,
        ]
    }

    private static func book(_ count: Int, _ hub: BenchHub, _ path: (Int) -> String) -> RequestBook {
        var book = RequestBook()
        for index in 0..<count {
            let head = "GET \(path(index)) HTTP/1.1\r\nHost: 127.0.0.1:\(hub.port)\r\n"
            book.append("\(head)Authorization: Bearer \(BenchConfiguration.apiToken)\r\n\r\n".utf8)
        }
        return book
    }
}
