import RapportTestServers
import Testing

@Suite("Mail servers that misbehave", .timeLimit(.minutes(5)))
struct SMTPPeerTests {
    private func stage() throws -> HubStage {
        var stage = try HubStage()
        stage.more = "retry: { first: 1s, longest: 1s, attempts: \(SMTPPeerRow.attempts) }"
        return stage
    }

    @Test("leave each message in the one state that is true of it, and nobody with two mails who must not have them")
    func table() async throws {
        let rows = SMTPPeerRow.all
        var stage = try stage()
        var sinks: [ScriptedSink] = []
        for (index, row) in rows.enumerated() {
            sinks.append(try ScriptedSink(row.script))
            stage.sendsMail(
                "relay\(index)", toPort: sinks[index].port, more: ", timeout: \(row.seconds)s, connections: 2")
        }
        try await StagedHub.with(stage) { hub in
            try await hub.importCustomers(rows.indices.map { "n\($0)@people.test" })
            var ids: [String] = []
            for (index, row) in rows.enumerated() {
                ids.append(
                    try await hub.send(
                        to: "n\(index)@people.test", channel: "email", over: "relay\(index)", repeats: row.repeats,
                        size: row.isLarge ? 190_000 : 0))
            }
            for (index, row) in rows.enumerated() {
                let standing = try await hub.settled(ids[index])
                #expect(standing.state == row.state, "\(row.name): \(standing)")
                #expect(standing.rule == row.rule, "\(row.name): \(standing)")
                #expect(standing.attempts == row.attempts, "\(row.name): \(standing)")
            }
            // By now the longest row has been retried to its end, so that every wrong repetition has had its time.
            for (index, row) in rows.enumerated() {
                let notes = sinks[index].notes
                #expect(notes.whole.count == row.whole, "\(row.name): \(notes)")
                #expect(notes.accepted.count == row.accepted, "\(row.name): \(notes)")
                #expect(Set(notes.whole).isSubset(of: ["n\(index)@people.test"]), "\(row.name): \(notes)")
            }
            let suppressed = try await suppressedCount(hub)
            #expect(suppressed == rows.count { $0.isSuppressed })
        }
    }

    @Test(
        "that ask for the content and hang up at once get it from another connection, unless it had left to the first")
    func askingAndHangingUp() async throws {
        var stage = try stage()
        let sinks = try [true, false].map { try ScriptedSink(.init([.data: [.answerAndDrop]], pipelining: $0)) }
        for (index, sink) in sinks.enumerated() {
            stage.sendsMail("relay\(index)", toPort: sink.port, more: ", timeout: 60s, connections: 2")
        }
        try await StagedHub.with(stage) { hub in
            try await hub.importCustomers(sinks.indices.map { "n\($0)@people.test" })
            for (index, sink) in sinks.enumerated() {
                let id = try await hub.send(to: "n\(index)@people.test", channel: "email", over: "relay\(index)")
                let standing = try await hub.settled(id)
                // Whether the hub hears of the end before the content has left is for the two of them to race.
                let isUnknown = standing.state == "unknown"
                #expect(isUnknown || standing.state == "accepted", "\(standing)")
                #expect(standing.attempts == (isUnknown ? 1 : 2), "\(standing)")
                #expect(sink.notes.whole.count == (isUnknown ? 0 : 1), "\(sink.notes)")
            }
        }
    }

    @Test("that hang up between two mails have each of them once")
    func betweenMails() async throws {
        let scripts: [ScriptedSink.Script] = [true, false].flatMap { pipelining in
            [ScriptedSink.Act.answerAndDrop, .sayAndDrop("421 4.3.2 Enough"), .drop].map { act in
                // The first mail goes well, the second is met by the act.
                let point: ScriptedSink.Point = act == .answerAndDrop ? .dot : .mail
                let acts = act == .answerAndDrop ? [act, act, act] : [.say("250 2.1.0 Ok"), act]
                return ScriptedSink.Script([point: acts], pipelining: pipelining)
            }
        }
        var stage = try stage()
        let sinks = try scripts.map { try ScriptedSink($0) }
        for (index, sink) in sinks.enumerated() {
            stage.sendsMail("relay\(index)", toPort: sink.port, more: ", timeout: 60s, connections: 1")
        }
        try await StagedHub.with(stage) { hub in
            let people = sinks.indices.map { relay in (0..<4).map { "n\(relay)-\($0)@people.test" } }
            try await hub.importCustomers(people.flatMap(\.self))
            var ids: [String] = []
            for (relay, addresses) in people.enumerated() {
                for address in addresses {
                    ids.append(try await hub.send(to: address, channel: "email", over: "relay\(relay)"))
                }
            }
            for id in ids {
                let standing = try await hub.settled(id)
                #expect(standing.state == "accepted", "\(standing)")
            }
            for (relay, sink) in sinks.enumerated() {
                #expect(sink.notes.accepted.sorted() == people[relay].sorted(), "\(scripts[relay])")
                #expect(sink.notes.whole.sorted() == people[relay].sorted(), "\(scripts[relay])")
            }
        }
    }

    @Test("do not keep the hub from ending, whatever they say to QUIT", .timeLimit(.minutes(2)))
    func quit() async throws {
        let acts: [ScriptedSink.Act] = [.drop, .stall, .say("500 5.5.1 What?"), .sayAndDrop("221 Bye")]
        let sinks = try acts.map { try ScriptedSink(.init([.quit: [$0]], isEndless: true)) }
        var stage = try stage()
        for (index, sink) in sinks.enumerated() {
            stage.sendsMail("relay\(index)", toPort: sink.port, more: ", timeout: 10s, connections: 2")
        }
        try await StagedHub.with(stage, stopsWithin: .seconds(30)) { hub in
            try await hub.importCustomers(sinks.indices.map { "n\($0)@people.test" })
            for index in sinks.indices {
                let id = try await hub.send(to: "n\(index)@people.test", channel: "email", over: "relay\(index)")
                #expect(try await hub.settled(id).state == "accepted")
            }
        }
        #expect(sinks.map(\.notes.accepted.count) == acts.map { _ in 1 })
    }

    @Test("that take nothing do not keep the hub from ending, nor what waits for them from being sent later")
    func slow() async throws {
        let sink = try ScriptedSink(.init([.data: [.stall]], isEndless: true))
        var stage = try stage()
        stage.sendsMail("relay", toPort: sink.port, more: ", timeout: 10s, connections: 2")
        let people = (0..<40).map { "n\($0)@people.test" }
        try await StagedHub.with(stage) { hub in
            try await hub.importCustomers(people)
            var ids: [String] = []
            for person in people { ids.append(try await hub.send(to: person, channel: "email", over: "relay")) }
            for id in ids {
                try await Eventually.true("all to be in the air", log: { hub.log }) {
                    try await hub.message(id).state == "handedOff"
                }
            }
            #expect(try await hub.process.terminate(within: .seconds(30)) == .exited(0), "\(hub.log)")
            for id in ids {
                let message = try await hub.installation.run(["message", "show", "--json", id]).output
                #expect(message.contains(#/"state": ?"(planned|deferred)"/#), "\(message)")
            }
        }
        #expect(sink.notes.whole.isEmpty)
    }

    private func suppressedCount(_ hub: StagedHub) async throws -> Int? {
        let status = try await hub.installation.run(["status", "--json"])
        let match = status.output.firstMatch(of: #/"suppressed":\s*(\d+)/#)
        return match.flatMap { Int($0.1) }
    }
}
