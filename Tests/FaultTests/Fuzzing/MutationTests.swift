import RapportHostileParsers
import Testing

/// The fuzzer in small, wherever the tests run: hostile bytes for every parser, the same for the same seed.
@Suite("Hostile bytes", .serialized)
struct MutationTests {
    static let parsers = HostileParser.all.map(\.name)
    /// Of a parser whose inputs are 4 KiB at most; longer inputs take longer each.
    private static let rounds = FaultRun.isLong ? 50_000 : 500

    @Test("every parser lives through mutations of what it reads", .timeLimit(.minutes(10)), arguments: parsers)
    func mutations(name: String) async throws {
        let parser = try #require(HostileParser.all.first { $0.name == name })
        var mutator = Mutator(
            samples: parser.samples, words: parser.words.map { Array($0.utf8) }, sizeLimit: parser.sizeLimit,
            generator: FaultRun.generator("mutations of \(name)"))
        for _ in 0..<(Self.rounds * 4096 / parser.sizeLimit) {
            let input = mutator.next()
            // Parsers don't wait for anything; tests beside this one do, and share its few threads.
            await Task.yield()
            do throws(BrokenPromise) {
                try await parser.run(input)
            } catch {
                Issue.record("\(error), after \(String(decoding: input.prefix(2000), as: UTF8.self).debugDescription)")
                return
            }
        }
    }

    @Test("what mutations start from is read", arguments: parsers)
    func samples(name: String) async throws {
        let parser = try #require(HostileParser.all.first { $0.name == name })
        for sample in parser.samples { try await parser.run(sample) }
        try await parser.run([])
    }
}
