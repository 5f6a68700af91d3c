import RapportTestServers

/// Two builds at the same time, each under the webhooks of `WebhookRow`.
///
/// Rounds in turn differ by a half on a shared machine. What meets both in the same moment leaves their processor time
/// comparable to a hundredth; their rates are not what either would reach alone.
struct SideBySide {
    struct Result {
        /// Microseconds of processor time for an event.
        var processor: Double
        var perSecond: Double
    }

    let bench: Bench
    /// The binaries.
    let before: String
    let after: String

    /// - Parameter large: on the log of years, whose customers are far apart.
    func measure(large: Bool) async throws -> [(before: Result, after: Result)] {
        let known = bench.scale(small: 2_000, full: 20_000)
        let mix = CustomerMix(known: known, stride: large ? BigStore(bench).customers / known : 1)
        let store =
            try await large ? BigStore(bench).seeded(bench) : SeededStore.imported(0..<known, bench)
        var results: [(before: Result, after: Result)] = []
        for round in 0..<bench.rounds {
            // Who is started first takes turns.
            if round.isMultiple(of: 2) {
                let (old, new) = try await pair(before, after, mix, store)
                results.append((before: old, after: new))
            } else {
                let (new, old) = try await pair(after, before, mix, store)
                results.append((before: old, after: new))
            }
        }
        return results
    }

    private func pair(
        _ first: String, _ second: String, _ mix: CustomerMix, _ store: SeededStore
    ) async throws -> (Result, Result) {
        let hubs = try (hub(first, store), hub(second, store))
        return try await hubs.0.running { first in
            try await hubs.1.running { second in
                let books = try (book(for: hubs.0, mix), book(for: hubs.1, mix))
                async let one = Self.load(hubs.0, first, books.0)
                async let other = Self.load(hubs.1, second, books.1)
                return try await (one, other)
            }
        }
    }

    private func hub(_ binary: String, _ store: SeededStore) throws -> BenchHub {
        var bench = bench
        bench.binary = binary
        return try BenchHub(bench, store: store.folder)
    }

    private func book(for hub: BenchHub, _ mix: CustomerMix) throws -> RequestBook {
        try WebhookRequests(port: hub.port).book(bench.scale(small: 10_000, full: 60_000), customer: mix.customer)
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
