import Crypto
import Foundation
import RapportCore
import RapportSQLite
import RapportTestServers

/// The store of a hub that has worked for years, written through the store's own calls and kept in a cache folder: writing it
/// takes minutes.
struct BigStore: Codable, Equatable {
    var customers: Int
    /// Rows of the log, those of customers and campaigns among them.
    var interactions: Int
    /// Customers of one round of a campaign.
    var groupSize: Int
    /// Goes up when what is written changes.
    var version = 1

    init(_ bench: Bench) {
        customers = bench.scale(small: 20_000, full: 500_000)
        interactions = bench.scale(small: 200_000, full: 5_000_000)
        groupSize = customers / 5
    }

    /// How many rounds have customers of their own.
    static let groups = 5

    /// The store of the cache; it is written when there is none, or one of another kind. Copy it before use.
    func seeded(_ bench: Bench) async throws -> SeededStore {
        let folder = "\(bench.cache)/\(bench.scale.rawValue)"
        let stamp = try await Stamp(content: self, schema: Self.schema())
        if let written = try? Data(contentsOf: URL(filePath: "\(folder)/stamp.json")),
            try JSONDecoder().decode(Stamp.self, from: written) == stamp
        {
            return SeededStore(folder: "\(folder)/data", keeping: nil)
        }
        bench.say("    writing \(interactions) interactions of \(customers) customers to \(folder)")
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: "\(folder)/data", withIntermediateDirectories: true)
        let seconds = try await Stopwatch.time { try await write(to: "\(folder)/data/rapport.db", bench) }
        bench.say("    written in \(Int(seconds.rounded())) s")
        try JSONEncoder().encode(stamp).write(to: URL(filePath: "\(folder)/stamp.json"), options: .atomic)
        return SeededStore(folder: "\(folder)/data", keeping: nil)
    }

    private func write(to path: String, _ bench: Bench) async throws {
        let store = try await SQLiteStore.open(path: path)
        let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
        let log = LogSeeder(store: store, now: now)
        let ids = try await log.customers((0..<customers).map(BenchCustomer.init), groupSize: groupSize)
        bench.say("    \(customers) customers")
        let sent = 2 * customers
        try await log.events(interactions - customers - sent, of: ids) { done in
            if done % 1_048_576 == 0 { bench.say("    \(done) events") }
        }
        try await CampaignHistory(store: store).write(to: (0..<customers).map(BenchCustomer.init), now: now)
        bench.say("    \(sent) messages of earlier campaigns")
        try await store.close()
    }

    private struct Stamp: Codable, Equatable {
        var content: BigStore
        var schema: String
    }

    /// A fingerprint of the tables that this build makes.
    private static func schema() async throws -> String {
        let folder = try ScratchFolder("schema")
        let store = try await SQLiteStore.open(path: folder.path("empty.db"))
        try await store.close()
        let dump = try await ChildCommand("sqlite3", [folder.path("empty.db"), ".schema"]).check()
        return SHA256.hash(data: Data(dump.output.utf8)).prefix(8).map { String($0, radix: 16) }.joined(separator: "-")
    }
}
