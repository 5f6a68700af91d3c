import RapportSQLite
import Synchronization
import Testing

@Suite("Campaigns and opt-outs at the same time")
struct RaceTests {
    private static let count = FaultRun.isLong ? 20 : 2
    /// Of each round that has come to its end.
    private static let overtaken = Mutex<[Int]>([])

    @Test(
        "no cap is passed, nobody gets a thing twice, and nothing leaves after an opt-out was acknowledged",
        .timeLimit(.minutes(5)), arguments: 0..<count)
    func rounds(number: Int) async throws {
        let round = try await RaceRound(FaultRun.generator("races \(number)"), people: FaultRun.isLong ? 90 : 45)
        let replay = try await round.run()
        #expect(replay.problems.isEmpty)
        #expect(replay.taken.count > 30, "the round must send enough to say anything")
        #expect(try await round.hub.sides[0].store.verifyProjections { _, _ in }.isEmpty)
        print("races \(number): \(replay.taken.count) messages taken, \(replay.overtaken) overtaken by an opt-out")
        try await round.hub.close()
        let all = Self.overtaken.withLock { rounds in
            rounds.append(replay.overtaken)
            return rounds
        }
        if FaultRun.isLong, all.count == Self.count {
            #expect(all.reduce(0, +) > 0, "no opt-out met a message on its way: \(FaultRun.again)")
        }
    }
}
