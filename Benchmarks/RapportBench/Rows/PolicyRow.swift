import Crypto
import RapportCore
import RapportPolicy

/// The contact policy alone, on one core: ten rules, 20 dispatches of history, a complete explanation each time. Beside it, so
/// that runs on different machines can be compared, the SHA-256 of a kilobyte.
struct PolicyRow: Row {
    static let name = "policy"

    func measure(_ bench: Bench) async throws -> [Line] {
        let count = bench.scale(small: 50_000, full: 400_000)
        let policy = try ContactPolicy(yaml: PolicyQuestion.policy)
        let questions = (0..<64).map(PolicyQuestion.init)
        for question in questions {
            let verdict = policy.evaluate(question.request, question.facts, now: question.now).verdict
            guard verdict == .send else { throw BenchError("the policy says \(verdict) and should say send") }
        }
        let results = try await bench.alternate { _ in
            await Self.hashes(count)
        } ours: { _ in
            await Self.rate(count) { index in
                let question = questions[index % questions.count]
                return policy.evaluate(question.request, question.facts, now: question.now).findings.count
            }
        }
        return [
            Line(
                name, "evaluate", unit: "/s", raw: Statistics.median(results.map(\.raw)),
                ours: Statistics.median(results.map(\.ours)), target: .atLeast(200_000))
        ]
    }

    /// SHA-256 of a kilobyte, a second: what one core of this machine does.
    static func hashes(_ count: Int) async -> Double {
        var bytes = [UInt8](repeating: 7, count: 1024)
        return await rate(count) { index in
            bytes[0] = UInt8(truncatingIfNeeded: index)
            return SHA256.hash(data: bytes).withUnsafeBytes { Int($0[0]) }
        }
    }

    /// How often a second; what the body returns is added up, so that nothing is left out as useless.
    private static func rate(_ count: Int, _ body: (Int) -> Int) async -> Double {
        var sum = 0
        let seconds = await Stopwatch.time { for index in 0..<count { sum &+= body(index) } }
        return sum == .min ? 0 : Double(count) / seconds
    }
}
