import RapportTestServers
import Testing

@Suite("The list of addresses that must not be used", .takesPlace, .timeLimit(.minutes(5)))
struct SuppressionTests {
    @Test("of another system keeps whoever has them out of a campaign, until they are lifted")
    func list() async throws {
        var setup = try HubSetup()
        setup.sendsToSandbox()
        setup.more = APIClient.tokens
        try await Hub.with(setup) { hub in
            let api = APIClient(hub: hub)
            let list = try hub.folder.write(
                "email,reason\nana@good.test,hard-bounce\nbo@good.test,\nnobody,\n", to: "list.csv")
            let imported = try await hub.installation.run(["suppression", "import", list])
            #expect(imported.status == .exited(1))
            #expect(imported.output.hasPrefix("2 added, 0 known already; 1 line rejected"), "\(imported.output)")
            #expect(try await hub.status().json["store"]["customers"].int == 0)

            try await hub.importCustomers(["ana", "bo", "cy"].map { "crm/\($0),\($0),\($0)@good.test,,,,," })
            #expect(try await api.send("POST", "suppressions", #"{"address": "cy@good.test"}"#).status == 201)
            try hub.writeCampaign("first")
            #expect(try await hub.send("first")["skipped"].counts == ["suppressed": 3])

            let told = try await api.send("GET", "suppressions?limit=1").json
            let listed = try await hub.rows(["suppression", "list"])
            #expect(listed.map { $0["reason"].text } == ["manual", "manual", "hard-bounce"])
            let newest = try #require(told["suppressions"].list.first)
            #expect(newest["address"].text == "mailto:cy@good.test" && told["next"].text == newest["id"].text)
            #expect(!newest.names.isEmpty && newest.names.subtracting(listed[0].names).isEmpty)
            let shown = try #require(try await hub.rows(["suppression", "show", "ana@good.test"]).first)
            #expect(shown["blocks"].list.map(\.text) == ["marketing", "service", "transactional"])

            let lifted = try #require(
                try await hub.rows(["suppression", "lift", "ana@good.test", "--reason", "hard-bounce"]).first)
            let freed = try await api.send(
                "POST", "suppressions/lift", #"{"address": "bo@good.test", "reason": "manual"}"#)
            #expect(freed.status == 200 && freed.json.names == lifted.names)
            let stopped = try await hub.rows(["suppression", "add", "cy@good.test", "--reason", "stop"])
            #expect(stopped.first?["new"].flag == true)
            let refused = try await hub.installation.run(["suppression", "lift", "cy@good.test", "--reason", "stop"])
            #expect(refused.status == .exited(2))
            #expect(refused.errors.contains("START"), "\(refused.errors)")
            try hub.writeCampaign("second")
            let second = try await hub.send("second")
            #expect(second["skipped"].counts == ["suppressed": 1] && second["planned"].int == 3, "\(second)")
        }
    }
}
