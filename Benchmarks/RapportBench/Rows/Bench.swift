import Foundation

/// What rows share: how much to do, with which binary, and where.
struct Bench: Sendable {
    var rounds: Int
    var scale: Scale
    /// The measured `rapport`.
    var binary: String
    /// Big stores are kept here from run to run.
    var cache: String

    /// Runs both sides in turn, so that what else the machine does meets both alike.
    func alternate<Raw, Ours>(
        raw: (_ round: Int) async throws -> Raw, ours: (_ round: Int) async throws -> Ours
    ) async throws -> [(raw: Raw, ours: Ours)] {
        var results: [(raw: Raw, ours: Ours)] = []
        for round in 0..<rounds {
            let raw = try await raw(round)
            results.append((raw, try await ours(round)))
        }
        return results
    }

    /// The same, with another binary.
    func measuring(_ binary: String) -> Bench {
        var bench = self
        bench.binary = binary
        return bench
    }

    func say(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
