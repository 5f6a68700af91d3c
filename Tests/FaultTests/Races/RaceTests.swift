import RapportSQLite
import Testing

@Suite("Campaigns and opt-outs at the same time")
struct RaceTests {
    @Test(
        "no cap is passed, nobody gets a thing twice, and nothing leaves after an opt-out was acknowledged",
        .timeLimit(.minutes(5)), arguments: 0..<(FaultRun.isLong ? 20 : 2))
    func rounds(number: Int) async throws {
        let round = try await RaceRound(FaultRun.generator("races \(number)"), people: FaultRun.isLong ? 90 : 45)
        let replay = try await round.run()
        #expect(replay.problems.isEmpty)
        #expect(replay.taken.count > 30, "the round must send enough to say anything")
        #expect(try await round.hub.sides[0].store.verifyProjections { _, _ in }.isEmpty)
        print("races \(number): \(replay.taken.count) messages taken, \(replay.overtaken) overtaken by an opt-out")
        try await round.hub.close()
    }
}
