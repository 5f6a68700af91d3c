import RapportTestServers
import Testing

@Suite("Mail that comes back", .enabled(if: Machine.hasPostfix), .takesPlace, .timeLimit(.minutes(5)))
struct BounceTests {
    @Test("suppresses an address that is refused at the door and one that bounces later, and no other")
    func bounces() async throws {
        var setup = try HubSetup()
        setup.takesMail()
        let routes: [String: MailRoute] = [
            "good.test": .mailbox, "refused.test": .refuse("550 5.1.1 No such mailbox"),
            "late.test": .refuseLater("550 5.1.1 No such mailbox"), "policy.test": .refuse("550 5.7.1 Not from you"),
            "hub.test": .lmtp(port: setup.mailPort),
        ]
        try await PostfixServer.with(routes) { postfix in
            setup.sendsMail(through: postfix)
            try await Hub.with(setup) { hub in
                try await hub.importCustomers([
                    "crm/1,Ana,ana@good.test,,,,,", "crm/2,Bo,bo@refused.test,,,,,", "crm/3,Cai,cai@late.test,,,,,",
                    "crm/4,Dan,dan@policy.test,,,,,",
                ])
                try hub.writeCampaign("first")
                let report = try await hub.send("first")
                #expect(report["planned"].int == 4)
                #expect(report["states"].counts["failed"] == 2, "\(report)")
                #expect(report["failed"].counts == ["badAddress": 1, "rejected": 1])
                #expect(try await hub.status().code == 1)

                try await hub.waitForStates(["accepted": 1, "bounced": 1, "failed": 2], of: "first")
                let bounce = try await hub.interactions(kind: "delivery.bounced", count: 1)[0]
                let cai = try await hub.customer("cai@late.test")
                #expect(bounce["customer"] == cai["id"])
                #expect(bounce["campaign"].text == "first")
                let dispatch = try #require(bounce["dispatch"].text)
                #expect(try await hub.rows(["message", "show", dispatch])[0]["state"].text == "bounced")

                #expect(try await hub.suppressions(of: "cai@late.test") == ["hard-bounce"])
                #expect(try await hub.suppressions(of: "bo@refused.test") == ["invalid"])
                // What a server thinks of the sender says nothing of the address.
                #expect(try await hub.suppressions(of: "dan@policy.test") == [])
                #expect(try await hub.suppressions(of: "ana@good.test") == [])

                try hub.writeCampaign("second")
                let second = try await hub.send("second")
                #expect(second["states"].counts == ["accepted": 1, "failed": 1, "skipped": 2])
                #expect(second["skipped"].counts == ["suppressed": 2])
                #expect(try await postfix.mails(to: "ana@good.test", count: 2).count == 2)
            }
        }
    }
}
