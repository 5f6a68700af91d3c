import RapportTestServers
import Testing

@Suite("A campaign under way", .takesPlace, .timeLimit(.minutes(5)))
struct CampaignCourseTests {
    /// Slow enough that it is still going, and never so slow that watching it ends by itself.
    private func writeSlow(_ hub: Hub) throws {
        try hub.folder.write(
            """
            class: marketing
            topic: news
            channels: [email]
            audience: everyone
            throttle: { perMinute: 1 }

            """, to: "templates/campaigns/slow/campaign.yaml")
        try hub.folder.write("Subject: News\n\nDear {{name}}\n", to: "templates/campaigns/slow/email.txt")
    }

    @Test("goes on when its watcher presses Ctrl-C, and is paused, resumed and cancelled from the command line")
    func course() async throws {
        var setup = try HubSetup()
        setup.sendsToSandbox()
        try await Hub.with(setup) { hub in
            try await hub.importCustomers((1...9).map { "crm/\($0),N\($0),n\($0)@good.test,,,,," })
            try writeSlow(hub)
            let watcher = try await hub.installation.start(["campaign", "send", "slow"])
            try await Eventually.true("the watcher to have planned", log: { watcher.errors + hub.log }) {
                watcher.errors.contains("9 messages planned")
            }
            try await hub.interactions(kind: "message.sent", count: 1)
            watcher.interrupt()
            #expect(try await watcher.exit(within: .seconds(60)) == .exited(0), "\(watcher.errors)")
            #expect(watcher.output.contains("slow: no longer watched; the hub goes on"), "\(watcher.output)")
            #expect(try await hub.report("slow")["state"].text == "sending")

            let paused = try await hub.rows(["campaign", "pause", "slow"])[0]
            #expect(paused["state"].text == "paused")
            let (code, status) = try await hub.status()
            #expect(code == 1)
            #expect(status["attention"].list.contains { $0.text == "slow: paused" }, "\(status["attention"])")
            #expect(try await hub.installation.run(["campaign", "pause", "slow"]).status.code == 2)
            let watched = try await hub.command(["campaign", "send", "slow"])
            #expect(watched.output.contains("slow is paused"), "\(watched.output)")

            #expect(try await hub.rows(["campaign", "resume", "slow"])[0]["state"].text == "sending")
            #expect(try await hub.rows(["campaign", "cancel", "slow"])[0]["state"].text == "cancelled")
            let report = try await Eventually.value("nothing to be in flight", log: { hub.log }) {
                let report = try await hub.report("slow")
                let states = report["states"].counts
                return states["claimed"] == nil && states["handedOff"] == nil ? report : nil
            }
            let states = report["states"].counts
            #expect(states.values.reduce(0, +) == 9)
            #expect((states["cancelled"] ?? 0) >= 1, "\(states)")
            #expect((states["accepted"] ?? 0) + (states["delivered"] ?? 0) >= 1, "\(states)")
            let again = try await hub.installation.run(["campaign", "cancel", "slow"])
            #expect(again.status.code == 2)
            #expect(again.errors.contains("is cancelled, so it can't be cancelled"), "\(again.errors)")
        }
    }

    @Test("what the sandbox sent or reported says so on every line, and nobody found is no output and exit code 1")
    func lines() async throws {
        var setup = try HubSetup()
        setup.sendsToSandbox()
        try await Hub.with(setup) { hub in
            try await hub.importCustomers(["crm/1,Ana,ana@good.test,,,,,"])
            try hub.writeCampaign("spring")
            #expect(try await hub.send("spring")["planned"].int == 1)
            try await hub.interactions(kind: "delivery.delivered", count: 1)
            for command in [["customer", "timeline", "crm/1"], ["log", "--after", "i0"]] {
                let lines = try await hub.command(command).lines.filter {
                    $0.contains("message.sent") || $0.contains("delivery.delivered")
                }
                #expect(lines.count >= 2)
                #expect(lines.allSatisfy { $0.contains("sandbox: ") }, "\(lines)")
            }
            #expect(try await hub.report("spring")["adapters"].list.map { $0["sandbox"].flag } == [true])
            let report = try await hub.command(["campaign", "report", "spring"]).output
            #expect(report.contains("mail-out (email, sandbox: written, not sent)"), "\(report)")
            // It still did when the adapter has become a real one.
            let real = try hub.folder.write(
                hub.setup.configuration.replacing(
                    "type: sandbox, channel: email, folder: outbox, secret: env:SANDBOX_SECRET",
                    with: "type: smtp, host: 127.0.0.1, port: 25, tls: none"), to: "real.yaml")
            let later = try await hub.rows(["campaign", "report", "spring", "--config", real])
            #expect(later.first?["adapters"].list.map { $0["sandbox"].flag } == [true])
            let status = try await hub.rows(["status", "--config", real])
            #expect(status.first?["adapters"].list.first { $0["adapter"].text == "mail-out" }?["sandbox"].flag == false)

            let nobody = try await hub.installation.run(["customer", "find", "zoe", "--json"])
            #expect(nobody.status.code == 1)
            #expect(nobody.output.isEmpty)
            #expect(nobody.errors.contains("begins with ‘zoe’"), "\(nobody.errors)")
        }
    }
}
