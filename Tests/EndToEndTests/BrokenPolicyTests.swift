import RapportTestServers
import Testing

@Suite("While the policy's file is broken", .takesPlace, .timeLimit(.minutes(5)))
struct BrokenPolicyTests {
    @Test("what needs no policy works beside the running hub, and what needs it is refused with the line")
    func beside() async throws {
        var setup = try HubSetup()
        setup.sendsToSandbox()
        try await Hub.with(setup) { hub in
            try await hub.importCustomers(["crm/1,Ana,ana@good.test,,,,,"])
            try hub.writeCampaign("spring")
            try await hub.command(["campaign", "send", "spring", "--detach"])
            try await hub.interactions(kind: "delivery.delivered", count: 1)
            try hub.folder.write("timeZone: Asia/Shanghai\ntopcs: {}\n", to: "policy.yaml")

            for works in [
                ["status"], ["log", "--limit", "5"], ["followup", "list"], ["customer", "find", "ana"],
                ["customer", "show", "crm/1"], ["customer", "brief", "crm/1"], ["customer", "timeline", "crm/1"],
                ["consent", "show", "crm/1"], ["campaign", "list"], ["campaign", "report", "spring"],
                ["backup", hub.folder.path("backup.db")], ["rebuild", "--verify"],
            ] {
                let result = try await hub.installation.run(works)
                #expect(result.status.code == 0, "\(works): \(result.output)\(result.errors)")
            }
            // A campaign that is over can't be stopped any more; that is told, and not the policy.
            let stopped = try await hub.installation.run(["campaign", "pause", "spring"])
            #expect(stopped.errors.contains("is completed"), "\(stopped.errors)")

            for needs in [
                ["policy", "check"], ["policy", "explain", "--customer", "crm/1", "--campaign", "spring"],
                ["campaign", "plan", "spring"], ["consent", "grant", "crm/1", "news", "email"],
                [
                    "message", "send", "--to", "crm/1", "--channel", "email", "--class", "service", "--topic", "care",
                    "--subject", "x", "--text", "x",
                ],
            ] {
                let result = try await hub.installation.run(needs)
                #expect(result.status.code != 0, "\(needs)")
                #expect((result.output + result.errors).contains("policy.yaml:2:1"), "\(needs): \(result.errors)")
            }
            // Stopping the hub is fine; starting it again is not.
            let serving = try await hub.installation.run(["serve"])
            #expect(serving.status.code == 2 && serving.errors.contains("policy.yaml:2:1"), "\(serving.errors)")
        }
    }
}
