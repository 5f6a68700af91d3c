import RapportTestServers
import Testing

@Suite(
    "A hub that ends in the middle of a campaign", .enabled(if: Machine.hasPostfix), .takesPlace,
    .timeLimit(.minutes(5)))
struct RestartTests {
    private static let size = 300
    private static let window = 24

    /// A server that has each mail a second before it says so, and a campaign for 300 customers that is under way to it.
    private func with(_ body: (Hub, SMTPSink) async throws -> Void) async throws {
        let sink = try await SMTPSink.start(options: ["-p", "-W", ".:1"])
        var setup = try HubSetup()
        setup.sendsMail(toPort: sink.port, more: ", connections: \(Self.window), window: \(Self.window)")
        do {
            try await Hub.with(setup) { hub in
                let customers = (0..<Self.size).map { "crm/\($0),N\($0),n\($0)@good.test,,,,," }
                #expect(try await hub.importCustomers(customers).succeeded)
                try hub.writeCampaign("spring")
                try await hub.command(["campaign", "send", "spring", "--detach"])
                _ = try await sink.mails(count: 50)
                try await body(hub, sink)
            }
        } catch {
            await sink.stop()
            throw error
        }
        await sink.stop()
    }

    private func recipients(_ sink: SMTPSink) throws -> [String] {
        try sink.mails.compactMap { $0.header("X-Rcpt-Args") }
    }

    @Test("by a power failure writes to nobody twice, and knows of whom it does not know")
    func killed() async throws {
        try await with { hub, sink in
            try await hub.process.kill()
            try await hub.start()
            let report = try await hub.report("spring", finished: true)
            let states = report["states"].counts
            let unknown = states["unknown"] ?? 0
            #expect(report["planned"].int == Self.size)
            #expect(Set(states.keys).isSubset(of: ["accepted", "unknown"]), "\(states)")
            #expect((1...Self.window).contains(unknown), "\(states)")
            // What was in flight may have arrived, and is not sent again.
            let arrived = try recipients(sink)
            #expect(Set(arrived).count == arrived.count)
            #expect(((Self.size - unknown)...Self.size).contains(arrived.count), "\(arrived.count), \(unknown) unknown")
            let status = try await hub.status()
            #expect(status.code == 1)
            #expect(status.json["attention"].list.compactMap(\.text).contains { $0.contains("\(unknown)") })
        }
    }

    @Test("by a power failure is put back from a backup, and does not send again by itself")
    func restored() async throws {
        try await with { hub, _ in
            try await hub.command(["backup", "copy.db"])
            try await hub.process.kill()
            let restored = try await hub.command(["restore", "copy.db"])
            #expect(restored.lines.contains("  spring is paused"), "\(restored.output)")
            try await hub.start()
            let report = try await hub.report("spring")
            #expect(report["state"].text == "paused")
            #expect(report["note"].text == "put back from a backup: what was sent since is not known")
            let states = report["states"].counts
            #expect(Set(states.keys).isSubset(of: ["accepted", "unknown", "planned"]), "\(states)")
            #expect(states["planned"] ?? 0 > 0)
            try await hub.command(["campaign", "cancel", "spring"])
        }
    }

    @Test("by being stopped finishes what is under way, and sends the rest when it is back")
    func stopped() async throws {
        try await with { hub, sink in
            #expect(try await hub.process.terminate() == .exited(0), "\(hub.log)")
            let states = try await hub.report("spring")["states"].counts
            #expect(Set(states.keys).isSubset(of: ["accepted", "planned"]), "\(states)")
            let before = try recipients(sink).count
            #expect(states["accepted"] == before)
            #expect(before < Self.size)
            #expect(try await hub.status().code == 2)
            try await hub.start()
            #expect(try await hub.report("spring", finished: true)["states"].counts == ["accepted": Self.size])
            let arrived = try recipients(sink)
            #expect(arrived.count == Self.size)
            #expect(Set(arrived).count == Self.size)
            #expect(try await hub.status().code == 0)
        }
    }
}
