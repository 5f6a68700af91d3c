import RapportTestServers
import Testing

@Suite("The contact policy of a running hub", .enabled(if: Machine.hasPostfix), .takesPlace, .timeLimit(.minutes(5)))
struct PolicyTests {
    @Test("is read again on SIGHUP, and a file with a mistake changes nothing")
    func reloads() async throws {
        try await PostfixServer.with(["good.test": .mailbox]) { postfix in
            var setup = try HubSetup()
            setup.sendsMail(through: postfix)
            try await Hub.with(setup) { hub in
                try await hub.importCustomers(["crm/1,Ana,ana@good.test,,,,,"])
                try hub.writeCampaign("first")
                #expect(try await hub.send("first")["states"].counts == ["accepted": 1])
                let first = try await policy(of: hub)
                #expect(first["version"].text?.count == 16 && first["version"] == first["fileVersion"], "\(first)")
                #expect(first["file"].text?.hasSuffix("/policy.yaml") == true)

                try hub.folder.write(HubSetup.policy(news: "opt-in"), to: "policy.yaml")
                try await reload(hub, "the contact policy was read again")
                try hub.writeCampaign("second")
                #expect(try await hub.send("second")["skipped"].counts == ["consent": 1])

                try hub.folder.write(HubSetup.policy(rules: ["quietHours: { frm: \"21:00\" }"]), to: "policy.yaml")
                let check = try await hub.installation.run(["policy", "check"])
                #expect(!check.succeeded)
                #expect((check.output + check.errors).contains("from"), "\(check)")
                try await reload(hub, "the contact policy was not changed")
                let second = try await policy(of: hub)
                #expect(second["version"].text != nil && second["version"] != first["version"])
                #expect(second["fileVersion"] == .null)
                // The first policy lies there again, but the hub was not told: it still goes by the second.
                try hub.folder.write(setup.policy, to: "policy.yaml")
                let unread = try await policy(of: hub)
                #expect(unread["version"] == second["version"] && unread["fileVersion"] == first["version"])
                try hub.writeCampaign("third")
                #expect(try await hub.send("third")["skipped"].counts == ["consent": 1])

                try await reload(hub, "the contact policy was read again", times: 2)
                try hub.writeCampaign("fourth")
                #expect(try await hub.send("fourth")["states"].counts == ["accepted": 1])
                #expect(try await postfix.mails(to: "ana@good.test", count: 2).count == 2)
            }
        }
    }

    private func policy(of hub: Hub) async throws -> JSON { try await hub.status().json["policy"] }

    private func reload(_ hub: Hub, _ message: String, times: Int = 1) async throws {
        hub.process.reload()
        try await Eventually.true("the hub to say ‘\(message)’", log: { hub.log }) {
            hub.log.ranges(of: message).count >= times
        }
    }
}
