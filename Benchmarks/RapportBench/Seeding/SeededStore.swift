import Foundation
import RapportTestServers

/// A folder with a store that rounds begin with a copy of.
final class SeededStore: Sendable {
    let folder: String
    /// Keeps a scratch folder; `nil` for a store of the cache.
    private let scratch: RapportInstallation?

    init(folder: String, keeping scratch: RapportInstallation?) {
        (self.folder, self.scratch) = (folder, scratch)
    }

    /// A store with customers from a CSV file, as people bring them in.
    static func imported(_ numbers: Range<Int>, _ bench: Bench) async throws -> SeededStore {
        let hub = try BenchHub(bench)
        let file = try hub.installation.folder.write(CustomerFile.text(numbers), to: "customers.csv")
        let seconds = try await Stopwatch.time { try await hub.command(["customer", "import", file]) }
        bench.say("    \(numbers.count) customers imported in \(Int(seconds.rounded())) s")
        return SeededStore(folder: hub.dataFolder, keeping: hub.installation)
    }
}
