import RapportCore
import RapportTestServers
import Testing

@Suite("Events that come in while the hub is killed again and again", .timeLimit(.minutes(30)))
struct InboundKillTests {
    private static let size = FaultRun.isLong ? 12_000 : 800
    private static let kills = (amid: FaultRun.isLong ? 20 : 3, starting: FaultRun.isLong ? 5 : 1)
    private static let clients = 8

    @Test("are in the log exactly once when they were acknowledged, and its projections are what it says")
    func exactlyOnce() async throws {
        var generator = FaultRun.generator("inbound under kill")
        let trial = try InboundTrial(events: Self.size)
        let hub = try trial.makeHub()
        let moments = Moment.draw(amid: Self.kills.amid, starting: Self.kills.starting, from: &generator)
        let seed = SeededGenerator(state: generator.next())
        try await hub.startAndWait()
        async let told: Void = trial.tellAll(clients: Self.clients, seed: seed)
        var logged = LoggedEvents()
        try await hub.kill(at: moments, amid: trial) {
            // No client asks while there is no hub, so all that it said before is in what it left.
            let acknowledged = trial.acknowledgements
            try await hub.look { try await logged.read($0) }
            #expect(acknowledged.allSatisfy { logged.rows[$0] == 1 }, "acknowledged and lost: \(FaultRun.again)")
        }
        try await told
        try await check(hub, trial, logged)
    }

    private func check(_ hub: KillableHub, _ trial: InboundTrial, _ before: LoggedEvents) async throws {
        var logged = before
        try await hub.command(["rebuild", "--verify"])
        #expect(try await hub.terminate() == .exited(0), FaultRun.again)
        try await hub.look { try await logged.read($0) }
        #expect(trial.count == Self.size)
        #expect(Set(logged.rows.keys) == Set(trial.events.map(\.name)), FaultRun.again)
        #expect(logged.rows.values.allSatisfy { $0 == 1 }, "an event is in the log twice: \(FaultRun.again)")
        // A person who was new to two requests at once, or just before a kill, is still one customer.
        let people = Set(trial.events.map(\.person))
        #expect(Set(logged.customers.keys) == people, FaultRun.again)
        #expect(logged.customers.values.allSatisfy { $0.count == 1 }, FaultRun.again)
        #expect(Set(logged.customers.values.joined()).count == people.count, FaultRun.again)
        print(
            "inbound under kill -9: \(Self.size) events acknowledged after \(trial.triesSoFar) tries over \(Self.kills) "
                + "kills, \(logged.rows.count) in the log")
    }
}
