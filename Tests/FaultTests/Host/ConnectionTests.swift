import Foundation
import Glibc
import RapportTestServers
import Testing

@Suite("Too many connections", .timeLimit(.minutes(5)))
struct ConnectionTests {
    @Test("are answered 503, cost little memory, and are over by themselves")
    func crowd() async throws {
        let (count, limit) = FaultRun.isLong ? (10_000, 1024) : (1500, 256)
        // Longer than it takes to refuse all the others.
        let patience = FaultRun.isLong ? "25s" : "10s"
        var stage = try HubStage()
        stage.takesWebhooks()
        stage.http = ["connections": "\(limit)", "idleTimeout": patience]
        try await StagedHub.with(stage) { hub in
            #expect(try await hub.post(event: "before").status == 200)
            let before = try ProcessFigures(of: hub.process.identifier)
            let (crowd, refusal) = try await crowdOut(hub, by: count)
            #expect(refusal.headers["retry-after"].flatMap { Int($0) } ?? 0 > 0)
            #expect(refusal.text.contains("too-many-connections"))
            let figures = try ProcessFigures(of: hub.process.identifier)
            #expect(figures.openFiles <= before.openFiles + limit + max(64, limit / 4) + 32, "\(figures)")
            // The crowd is still there, and says nothing.
            try await Eventually.true("others to be served", within: .seconds(120), log: { hub.log }) {
                (try? await hub.post(event: "during"))?.status == 200
            }
            withExtendedLifetime(crowd) {}
            let after = try ProcessFigures(of: hub.process.identifier)
            #expect(after.peakMemory <= before.peakMemory + 96, "from \(before) to \(after)")
        }
    }

    @Test("are fewer where the system allows fewer open files, and the store can still be written")
    func fewFiles() async throws {
        let folder = try ScratchFolder("few")
        let binary = try RapportInstallation.locateBinary()
        let launcher = try await folder.writeScript(
            #"exec prlimit --nofile=192:192 "\#(binary)" "$@""#, to: "launch")
        let sink = try ScriptedSink(.init())
        var stage = try HubStage()
        stage.takesWebhooks()
        stage.sendsMail("relay", toPort: sink.port)
        stage.http = ["idleTimeout": "3s"]
        try await StagedHub.with(stage, binary: launcher, keeping: folder) { hub in
            #expect(hub.log.contains("leaves room for fewer connections"))
            try await hub.importCustomers(["ana@people.test"])
            let (crowd, _) = try await crowdOut(hub, by: 600)
            // A new connection of the hub's own, and the files of a store that is opened anew.
            let id = try await Eventually.value("a message to be planned", within: .seconds(60), log: { hub.log }) {
                try? await hub.send(to: "ana@people.test", channel: "email", over: "relay", key: "one")
            }
            #expect(
                try await Eventually.value("it to be settled", within: .seconds(60), log: { hub.log }) {
                    guard let standing = try? await hub.message(id), standing.isSettled else { return String?.none }
                    return standing.state
                } == "accepted")
            withExtendedLifetime(crowd) {}
            #expect(!hub.log.contains("Too many open files"), "\(hub.log)")
        }
    }

    /// Fills the hub's places with silent clients, and asks until one more is refused.
    ///
    /// - Returns: the crowd, and what the one more was told.
    private func crowdOut(
        _ hub: StagedHub, by count: Int
    ) async throws -> (crowd: HeldConnections, refusal: LoopbackHTTP.Answer) {
        var crowd = try HeldConnections(count, port: hub.port)
        let clock = ContinuousClock()
        var next = clock.now.advanced(by: .seconds(10))
        let refusal = try await Eventually.value("a refusal", within: .seconds(60), log: { hub.log }) {
            // On a busy machine the crowd's time may have run out before anybody else came to ask.
            if clock.now > next {
                crowd = try HeldConnections(count, port: hub.port)
                next = clock.now.advanced(by: .seconds(10))
            }
            // Beyond the refusals that are said there are those that are not.
            guard let answer = try? await LoopbackHTTP.get("/healthz", port: hub.port) else {
                return LoopbackHTTP.Answer?.none
            }
            #expect([200, 503].contains(answer.status))
            return answer.status == 503 ? answer : nil
        }
        return (crowd, refusal)
    }
}
