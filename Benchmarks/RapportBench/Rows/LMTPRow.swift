import RapportTestServers

/// Mails of 4 KB over LMTP, each parsed and in the log before its 250, against the same mails into `smtp-sink -L`.
///
/// They are delivered as `smtp-source -L` delivers, but from many senders: that program has one sender, and thousands of
/// open questions of one customer are not what a hub lives with.
struct LMTPRow: Row {
    static let name = "lmtp"

    func measure(_ bench: Bench) async throws -> [Line] {
        let count = bench.scale(small: 3_000, full: 20_000)
        let sink = try await SMTPSink.start(options: ["-L"], keepingMails: false)
        let results = try await bench.alternate { _ in
            try await Self.deliver(count, port: sink.port)
        } ours: { _ in
            let hub = try BenchHub(bench)
            return try await hub.running { process in
                let rate = try await Self.deliver(count, port: hub.mailPort)
                let received = try await hub.received(by: "mail-in")
                guard received == count else { throw BenchError("\(received) of \(count) mails are in the log") }
                return (rate: rate, memory: ProcessFigures.peakMemory(process.identifier))
            }
        }
        await sink.stop()
        return [
            Line(
                name, "taken", unit: "/s", raw: Statistics.median(results.map(\.raw)),
                ours: Statistics.median(results.map(\.ours.rate)), target: .ratio(0.3)),
            Line(name, "peak memory", unit: "MB", ours: results.map(\.ours.memory).max() ?? 0),
        ]
    }

    private static func deliver(_ count: Int, port: Int) async throws -> Double {
        try await LMTPLoad(port: port).run(MailBook(count, size: 4096))
    }
}
