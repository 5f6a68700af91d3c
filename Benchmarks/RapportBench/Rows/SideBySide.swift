import RapportTestServers

/// Two builds at the same time, each with work of its own: the webhooks of `WebhookRow`, or the campaign of `CampaignRow`.
///
/// Rounds in turn differ by a half on a shared machine. What meets both in the same moment leaves their processor time
/// comparable to a hundredth, or two or three for campaigns; their rates are not what either would reach alone.
struct SideBySide {
    struct Result {
        /// Microseconds of processor time for an event or a message.
        var processor: Double
        var perSecond: Double
    }

    enum Work {
        /// - Parameter large: on the log of years, whose customers are far apart.
        case webhooks(large: Bool)
        case campaign
    }

    let bench: Bench
    /// The binaries.
    let before: String
    let after: String

    func measure(_ work: Work) async throws -> [(before: Result, after: Result)] {
        switch work {
        case .webhooks(let large): try await webhooks(large: large)
        case .campaign: try await campaign()
        }
    }

    private func webhooks(large: Bool) async throws -> [(before: Result, after: Result)] {
        let count = bench.scale(small: 10_000, full: 60_000)
        let known = bench.scale(small: 2_000, full: 20_000)
        let mix = CustomerMix(known: known, stride: large ? BigStore(bench).customers / known : 1)
        let store =
            try await large ? BigStore(bench).seeded(bench) : SeededStore.imported(0..<known, bench)
        return try await rounds { _, bench in
            let hub = try BenchHub(bench, store: store.folder)
            let requests = try WebhookRequests(port: hub.port).book(count, customer: mix.customer)
            return (hub, { try await Self.load(hub, $0, requests) })
        }
    }

    private func campaign() async throws -> [(before: Result, after: Result)] {
        let recipients = bench.scale(small: 10_000, full: 100_000)
        let store = try await CampaignRow.store(recipients, bench)
        return try await rounds { round, bench in
            let sink = try await SMTPSink.start(keepingMails: false)
            let hub = try BenchHub(bench, sinkPort: sink.port, store: store.folder)
            return (
                hub,
                { process in
                    let run = try await CampaignRun.send(
                        CampaignTemplate(name: "bench-\(round)"), recipients: recipients, from: hub, process,
                        sinkPort: sink.port)
                    await sink.stop()
                    return Result(processor: run.processor * 1_000_000 / Double(recipients), perSecond: run.perSecond)
                }
            )
        }
    }

    /// A hub, and what it is measured with as soon as both run.
    private typealias Side = (hub: BenchHub, measure: @Sendable (RapportProcess) async throws -> Result)

    private func rounds(
        _ side: (Int, Bench) async throws -> Side
    ) async throws -> [(before: Result, after: Result)] {
        var results: [(before: Result, after: Result)] = []
        for round in 0..<bench.rounds {
            let old = try await side(round, bench.measuring(before))
            let new = try await side(round, bench.measuring(after))
            // Who is started first takes turns.
            if round.isMultiple(of: 2) {
                let (old, new) = try await Self.both(old, new)
                results.append((before: old, after: new))
            } else {
                let (new, old) = try await Self.both(new, old)
                results.append((before: old, after: new))
            }
        }
        return results
    }

    private static func both(_ first: Side, _ second: Side) async throws -> (Result, Result) {
        try await first.hub.running { one in
            try await second.hub.running { other in
                async let one = first.measure(one)
                async let other = second.measure(other)
                return try await (one, other)
            }
        }
    }

    private static func load(
        _ hub: BenchHub, _ process: RapportProcess, _ book: RequestBook
    ) async throws -> Result {
        let start = ProcessFigures.processorTime(process.identifier)
        let report = try await HTTPLoad(port: hub.port).run(book)
        guard report.failed == 0 else { throw BenchError("webhooks failed: \(report.failures)") }
        let seconds = ProcessFigures.processorTime(process.identifier) - start
        return Result(processor: seconds * 1_000_000 / Double(book.count), perSecond: report.perSecond)
    }
}
