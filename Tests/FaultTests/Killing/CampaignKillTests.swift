import RapportCore
import RapportTestServers
import Testing

@Suite("A campaign whose hub is killed again and again", .serialized, .timeLimit(.minutes(30)))
struct CampaignKillTests {
    private static let size = FaultRun.isLong ? 20_000 : 3_000
    /// Of the campaigns that show less.
    private static let smallSize = FaultRun.isLong ? 20_000 : 1_500
    private static let kills = (amid: FaultRun.isLong ? 20 : 3, starting: FaultRun.isLong ? 5 : 1)

    private func moments(_ generator: inout SeededGenerator) -> [Moment] {
        Moment.draw(amid: Self.kills.amid, starting: Self.kills.starting, from: &generator)
    }

    /// Kills the hub at all its moments, each time at work that an earlier one left, then lets it come to the end.
    private func run(_ trial: CampaignTrial, name: String, repeats: Bool) async throws -> KillLedger {
        var generator = FaultRun.generator(name)
        var ledger = KillLedger(window: trial.window, repeats: repeats)
        var waiting = trial.recipients
        for moment in moments(&generator) where waiting > 0 {
            let before = Set(trial.sink.seen.mails)
            try await trial.kill(at: moment, waiting: waiting)
            let rows = try await trial.rows()
            #expect(rows.count == trial.recipients, FaultRun.again)
            ledger.note(rows, before: before)
            waiting = rows.waiting
        }
        #expect(ledger.inFlight > 0, "no kill met a message in flight: \(FaultRun.again)")
        try await trial.finish()
        return ledger
    }

    /// That the sink and the report tell the same of everybody.
    private func checkAccount(_ trial: CampaignTrial, _ rows: CampaignRows) async throws {
        let report = try await trial.report()
        #expect(report.planned == trial.recipients, FaultRun.again)
        #expect(Set(report.states.keys).isSubset(of: CampaignReportJSON.settled), "\(report) \(FaultRun.again)")
        #expect(report.states.values.reduce(0, +) == report.planned, "\(report) \(FaultRun.again)")
        #expect(report.states == rows.statesByName, FaultRun.again)
        #expect(rows[.failed].allSatisfy { $0.hasPrefix("refused") }, FaultRun.again)
        #expect(rows[.deferred].allSatisfy { $0.hasPrefix("later") }, FaultRun.again)
        let arrived = Set(trial.sink.seen.mails)
        #expect(rows[.accepted].isSubset(of: arrived), "accepted and never arrived: \(FaultRun.again)")
        #expect(
            arrived.isSubset(of: rows[.accepted].union(rows[.unknown])), "arrived and not told of: \(FaultRun.again)")
        try await trial.hub.command(["rebuild", "--verify"])
    }

    @Test("writes to nobody twice and tells of everybody, and knows of whom it does not know")
    func marketing() async throws {
        let trial = try await CampaignTrial(recipients: Self.size, isDirect: true)
        let ledger = try await run(trial, name: "campaign under kill", repeats: false)
        let rows = try await trial.rows()
        try await checkAccount(trial, rows)
        let seen = trial.sink.seen
        #expect(Set(seen.mails).count == seen.mails.count, "a mail arrived twice: \(FaultRun.again)")
        #expect(Set(seen.recipients).count == seen.recipients.count, "somebody was tried twice: \(FaultRun.again)")
        #expect(rows[.unknown] == ledger.people, "unknown is who was in flight at a kill: \(FaultRun.again)")
        #expect(rows[.skipped].count == Self.size / 100, "\(rows.states) \(FaultRun.again)")
        print(
            "campaign under kill -9: \(Self.size) planned, \(ledger.kills) kills, \(rows.statesByName), "
                + "\(seen.mails.count) mails at the sink, \(ledger.inFlight) in flight at the kills")
    }

    @Test("that may repeat reaches everybody, and repeats no more than was in flight")
    func transactional() async throws {
        let trial = try await CampaignTrial(recipients: Self.smallSize, repeats: true)
        let ledger = try await run(trial, name: "transactional under kill", repeats: true)
        let rows = try await trial.rows()
        try await checkAccount(trial, rows)
        let mails = trial.sink.seen.mails
        let reachable = trial.everybody.filter { $0.hasPrefix("n") }
        #expect(Set(mails) == reachable, FaultRun.again)
        #expect(rows[.accepted] == reachable, FaultRun.again)
        let times = mails.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        #expect(times.allSatisfy { $0.value <= rows.attempts[$0.key] ?? 0 }, FaultRun.again)
        #expect(
            Set(times.filter { $0.value > 1 }.keys).isSubset(of: ledger.people),
            "repeated without having been in flight: \(FaultRun.again)")
        #expect(mails.count - times.count <= ledger.inFlight, FaultRun.again)
        print(
            "transactional under kill -9: \(Self.smallSize) planned, \(ledger.kills) kills, \(rows.statesByName), "
                + "\(mails.count) mails at the sink, \(mails.count - times.count) of them repeated, "
                + "\(ledger.inFlight) in flight at the kills")
    }

    @Test("by SIGTERM leaves nothing unknown, and goes on where it was")
    func terminated() async throws {
        let trial = try await CampaignTrial(recipients: Self.smallSize)
        var generator = FaultRun.generator("campaign under SIGTERM")
        var (stops, stopsAmid) = (0, 0)
        var waiting = Self.smallSize
        for moment in moments(&generator) where waiting > 0 {
            try await trial.reach(moment, waiting: waiting)
            let exit = try await trial.hub.terminate()
            // Before it is ready, when nothing has left yet, the signal may still end it by itself.
            let isInTime = if case .whileStarting = moment { exit == .killed(signal: 15) } else { false }
            #expect(exit == .exited(0) || isInTime, "\(String(describing: exit)) \(FaultRun.again)\n\(trial.hub.log)")
            let rows = try await trial.rows()
            for state in [DispatchState.claimed, .handedOff, .unknown] {
                #expect(rows[state].isEmpty, "\(rows.states) \(FaultRun.again)")
            }
            #expect(rows[.accepted] == Set(trial.sink.seen.mails), FaultRun.again)
            waiting = rows.waiting
            stops += 1
            if waiting > 0, !rows[.accepted].isEmpty { stopsAmid += 1 }
        }
        #expect(stopsAmid > 0, "no signal met a message that waited: \(FaultRun.again)")
        try await trial.finish()
        let rows = try await trial.rows()
        try await checkAccount(trial, rows)
        let seen = trial.sink.seen
        #expect(Set(seen.recipients).count == seen.recipients.count, FaultRun.again)
        #expect(seen.mails.count == rows[.accepted].count, FaultRun.again)
        #expect(rows[.unknown].isEmpty, FaultRun.again)
        print(
            "campaign under SIGTERM: \(Self.smallSize) planned, \(stops) signals, \(rows.statesByName), "
                + "\(seen.mails.count) mails at the sink")
    }
}
