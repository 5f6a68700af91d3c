import RapportTestServers
import Testing

@Suite("Messages asked for through the API while the hub is killed again and again", .timeLimit(.minutes(30)))
struct MessageKillTests {
    private static let size = FaultRun.isLong ? 6_000 : 500
    private static let kills = (amid: FaultRun.isLong ? 20 : 3, starting: FaultRun.isLong ? 5 : 1)

    @Test("are sent once for each key, and those that may repeat reach everybody")
    func oncePerKey() async throws {
        var generator = FaultRun.generator("messages under kill")
        let trial = try MessageTrial(messages: Self.size)
        let hub = try await trial.makeHub()
        let moments = Moment.draw(amid: Self.kills.amid, starting: Self.kills.starting, from: &generator)
        try await hub.startAndWait()
        async let asked: Void = trial.askAll(clients: 8)
        try await hub.kill(at: moments, amid: trial) {}
        try await asked
        let states = try await finalStates(trial)
        try await hub.command(["rebuild", "--verify"])
        #expect(try await hub.terminate() == .exited(0), FaultRun.again)

        let answers = trial.answers
        #expect(answers.count == Self.size)
        // As many rows as keys: a second row for a key would have taken another number.
        #expect(Set(answers.map(\.dispatch)) == Set((1...Self.size).map { "d\($0)" }), FaultRun.again)
        let arrived = trial.sink.seen.mails.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        for answer in answers {
            let times = arrived[trial.address(answer.number)] ?? 0
            let state = states[answer.dispatch] ?? ""
            if trial.repeats(answer.number) {
                #expect(times >= 1 && state == "accepted", "\(answer) \(times) \(state) \(FaultRun.again)")
            } else {
                let isTold = times == 1 && state == "accepted" || times <= 1 && state == "unknown"
                #expect(isTold, "\(answer) \(times) \(state) \(FaultRun.again)")
            }
        }
        print(
            "messages under kill -9: \(Self.size) keys over \(Self.kills) kills, "
                + "\(states.values.count { $0 == "unknown" }) unknown, \(trial.sink.count) mails at the sink")
    }

    /// Waits until nothing is on its way any more.
    private func finalStates(_ trial: MessageTrial) async throws -> [String: String] {
        var states: [String: String] = [:]
        for answer in trial.answers {
            states[answer.dispatch] = try await Eventually.value("\(answer) to come to its end") {
                let state = try await trial.message(answer.dispatch).state
                return ["accepted", "unknown", "failed", "skipped"].contains(state) ? state : nil
            }
        }
        return states
    }
}
