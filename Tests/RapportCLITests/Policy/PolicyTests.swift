import ArgumentParser
import Foundation
import RapportApp
import RapportCore
import RapportHub
import RapportLog
import RapportPolicy
import Testing

@testable import RapportCLI

@Suite("What commands say of the policy")
struct PolicyTests {
    @Test("the case that the help of ‘policy test’ shows is one that runs, and passes")
    func example() async throws {
        let desk = try await DeskFixture()
        let file = desk.folder.appending(path: "cases.json")
        try Data(PolicyTestCommand.example.utf8).write(to: file)
        let cases = try PolicyCaseFile(contentsOf: file.path)
        #expect(PolicyCaseRunner.run([cases]).passed)
        let help = PolicyTestCommand.configuration.discussion
        #expect(PolicyTestCommand.example.split(separator: "\n").allSatisfy { help.contains($0) })
        try await desk.close()
    }

    @Test("a run is named as it is called, name@occurrence, and its end is that of the day when it was sent")
    func run() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,Berlin,offers:*:granted:2026-01-05T10:00:00Z")
        let file = desk.folder.appending(path: "templates/campaigns/spring/campaign.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try Data((text + "\nexpires: 7d\n").utf8).write(to: file)
        let source = try CampaignSource(
            name: "spring@2026", occurrence: nil, templates: desk.hub.configuration.templates)
        #expect(source.key == CampaignKey(name: "spring", occurrence: "2026"))
        let (sent, _, _) = try await desk.hub.campaignDesk().send(source.definition, folder: source.folder) { _ in }
        let ana = try await desk.hub.resolve(customer: "ana@example.com").customer
        let explainer = PolicyExplainer(hub: desk.hub, campaign: "spring@2026", occurrence: nil)
        func rule(daysLater days: Int64) async throws -> String? {
            let at = sent.createdAt.adding(seconds: days * 86_400)
            let explanation = try await explainer.explain(ana, at: at, channel: nil)
            #expect(explanation.campaign == source.key)
            return explanation.routes[0].explanation.rule?.rawValue
        }
        #expect(try await rule(daysLater: 6) == nil)
        #expect(try await rule(daysLater: 8) == "expired")
        try await desk.close()
    }

    @Test("whom no route reaches is told of in JSON, too")
    func noRoute() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,,,Berlin,")
        let ana = try await desk.hub.resolve(customer: "id:crm/1").customer
        let explanation = try await PolicyExplainer(hub: desk.hub, campaign: "spring", occurrence: nil)
            .explain(ana, at: desk.hub.clock(), channel: nil)
        let only = try #require(explanation.fields.first)
        #expect(explanation.fields.count == 1)
        #expect(only.contains { $0.0 == "rule" && $0.1.json == "\"no-route\"" })
        try await desk.close()
    }
}
