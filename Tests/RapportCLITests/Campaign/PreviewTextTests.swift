import Foundation
import RapportApp
import RapportHub
import RapportLog
import Testing

@testable import RapportCLI

@Suite("The plan of a campaign")
struct PreviewTextTests {
    @Test("counts who gets it, who waits for what, whom nobody reaches and what is missing, and stores nothing")
    func plan() async throws {
        let desk = try await DeskFixture()
        let yes = "offers:*:granted:2026-01-05T10:00:00Z"
        try await desk.imports(
            "crm/1,Ana,ana@example.com,,Berlin,\(yes)", "crm/2,Bo,,13800138000,,\(yes)",
            "crm/3,Cy,cy@example.com,,,\(yes)",
            "crm/4,Di,di@example.com,,Rome,", "crm/5,Ed,,,,")
        let source = try CampaignSource(
            name: "spring", occurrence: "2026", templates: desk.hub.configuration.templates)
        #expect(source.key == CampaignKey(name: "spring", occurrence: "2026"))
        let preview = try await desk.hub.campaignDesk().preview(
            source.definition, folder: source.folder, smsSegments: SMSCost.segments
        ) { _ in }
        let lines = PreviewText.lines(source.definition, preview)
        func has(_ words: String...) -> Bool {
            lines.contains { line in words.allSatisfy { line.contains($0) } }
        }
        #expect(has("audience", "5"))
        #expect(has("would leave now", "2", "email 1, sms 1, 1 SMS segment"))
        #expect(has("consent", "1"))
        #expect(has("can't be made", "1"))
        #expect(has("city"))
        #expect(has("can't be reached", "1", "no address"))
        #expect(try await desk.hub.store.campaigns().isEmpty)
        try await desk.close()
    }

    @Test("of a folder that is not there names the one that was probably meant")
    func nearest() async throws {
        let desk = try await DeskFixture()
        let error = #expect(throws: CampaignNameError.self) {
            try CampaignSource(name: "sprin", occurrence: nil, templates: desk.hub.configuration.templates)
        }
        #expect(error?.description.hasSuffix("did you mean ‘spring’?") == true)
        try await desk.close()
    }

    @Test("and sending tell what is wrong with a folder as ‘config check’ does: all of it, each with its place")
    func problems() async throws {
        let desk = try await DeskFixture()
        let file = desk.folder.appending(path: "templates/campaigns/spring/campaign.yaml")
        let text = "class: marketing\ntopic: ofers\nchannels: [email]\nadapters: { email: mial }\naudience: everyone\n"
        try Data(text.utf8).write(to: file)
        let source = try CampaignSource(
            name: "spring", occurrence: nil, templates: desk.hub.configuration.templates)
        let planned = #expect(throws: CampaignProblems.self) { try source.check(desk.hub) }
        let sent = await #expect(throws: CampaignProblems.self) {
            try await CampaignPlanning(source: source, hub: desk.hub).run(goesOn: false)
        }
        // The fixture's secret is none that a sandbox would take.
        let checked = ConfigurationCheck(desk.hub.configuration).problems.map(\.description).filter {
            $0.hasPrefix(file.path)
        }
        #expect(checked.count == 2)
        #expect(checked.contains { $0.hasPrefix(file.path + ":2:8: ") && $0.contains("did you mean ‘offers’?") })
        #expect(planned?.description == checked.joined(separator: "\n"))
        #expect(sent?.description == planned?.description)
        #expect(try await desk.hub.store.campaigns().isEmpty)
        try await desk.close()
    }
}
