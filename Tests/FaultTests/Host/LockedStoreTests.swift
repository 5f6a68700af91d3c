import Foundation
import RapportAddressing
import RapportChannels
import RapportCore
import RapportHub
import RapportSQLite
import RapportTestServers
import Testing

@Suite("A database that another process has locked", .timeLimit(.minutes(5)))
struct LockedStoreTests {
    /// In the long form longer than the store waits twice, so that some are refused also where the first to wait is the hub
    /// itself; shorter than that in the short one.
    private static let held: Duration = .milliseconds(FaultRun.isLong ? 23_000 : 1500)

    /// Another program that holds the lock of writers until it is told to let go.
    private func lock(_ database: String, in folder: ScratchFolder) async throws -> ChildProcess {
        var command = ChildCommand("sqlite3", [database])
        command.input = .pipe
        let other = try await ChildProcess.start(command, name: "other", in: folder)
        try other.write(line: "PRAGMA busy_timeout = 10000;\nBEGIN IMMEDIATE;\nSELECT 'it is ' || 'locked';")
        try await Eventually.true("the lock", log: { other.errors }) { other.output.contains("it is locked") }
        return other
    }

    private func release(_ other: ChildProcess) async throws {
        try other.write(line: "ROLLBACK;\n.quit")
        #expect(try await other.exit(within: .seconds(60)) == .exited(0))
    }

    @Test("makes clients wait or come again, loses nothing, and does not keep anybody from reading")
    func hub() async throws {
        let sink = try ScriptedSink(.init())
        var stage = try HubStage()
        stage.takesWebhooks()
        stage.sendsMail("relay", toPort: sink.port)
        try await StagedHub.with(stage) { hub in
            let addresses = (0..<20).map { "n\($0)@people.test" }
            try await hub.importCustomers(addresses)
            #expect(try await hub.post(event: "before").status == 200)
            let other = try await lock(hub.installation.folder.path("data/rapport.db"), in: hub.installation.folder)
            let events = (0..<40).map { "event-\($0)" }
            async let answers = post(events, hub)
            async let planned = send(addresses, hub)
            #expect(try await hub.api("GET", "/v1/messages/d1").status == 404)
            #expect(try await LoopbackHTTP.get("/healthz", port: hub.port).status == 200)
            // How long it is held is what this is about.
            try await Task.sleep(for: Self.held)
            try await release(other)

            let answered = try await answers
            if FaultRun.isLong { #expect(answered.contains { $0.1.status == 503 }, "nobody was refused") }
            for (event, answer) in answered {
                #expect([200, 503].contains(answer.status), "\(event): \(answer.text)")
                if answer.status == 503 { #expect(answer.headers["retry-after"] != nil) }
                let again = try await hub.post(event: event)
                #expect(again.status == 200, "\(event): \(again.text)")
            }
            for id in try await planned { #expect(try await hub.settled(id).state == "accepted") }
            #expect(sink.notes.accepted.sorted() == addresses.sorted())
            let rows = try await hub.rows().filter { $0.kind == "message.received" }.compactMap(\.sourceID)
            #expect(rows.sorted() == (events + ["before"]).sorted())
        }
    }

    @Test("for longer than the store waits is answered as busy, and the next one is taken")
    func busy() async throws {
        let folder = try ScratchFolder("locked")
        let path = folder.path("rapport.db")
        let store = try await SQLiteStore.open(path: path, options: .init(busyMilliseconds: 50))
        let intake = Intake(
            store: store, normalizer: AddressNormalizer(), settings: IntakeSettings(),
            clock: { Timestamp(seconds: 1_800_000_000) })
        let other = try await lock(path, in: folder)
        let event = InboundEvent(
            kind: .messageReceived, channel: .webhook, sourceID: "one",
            customerAddresses: [RawAddress(.mailto, "ana@people.test")])
        await #expect(throws: EventSinkError.busy) {
            try await intake.submit([event], adapter: "shop", region: nil)
        }
        try await release(other)
        let committed = try await intake.submit([event], adapter: "shop", region: nil)
        #expect(committed.map(\.isRepetition) == [false])
        try await store.close()
    }

    private func post(_ events: [String], _ hub: StagedHub) async throws -> [(String, LoopbackHTTP.Answer)] {
        try await withThrowingTaskGroup(of: (String, LoopbackHTTP.Answer).self) { group in
            for event in events { group.addTask { (event, try await hub.post(event: event)) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Plans one message each, again and again until it is taken.
    private func send(_ addresses: [String], _ hub: StagedHub) async throws -> [String] {
        var ids: [String] = []
        for address in addresses {
            ids.append(
                try await Eventually.value("a message to be planned", within: .seconds(60), log: { hub.log }) {
                    try? await hub.send(to: address, channel: "email", over: "relay", key: address)
                })
        }
        return ids
    }
}
