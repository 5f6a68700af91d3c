import RapportApp
import RapportHub
import Testing

@testable import RapportCLI

@Suite("What status prints")
struct StatusTextTests {
    @Test("adapters that nothing went through yet have a row and a queue, and a sandbox is called one")
    func silentAdapters() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,Berlin,offers:*:granted:2026-01-05T10:00:00Z")
        let source = try CampaignSource(
            name: "spring", occurrence: nil, templates: desk.hub.configuration.templates)
        _ = try await desk.hub.campaignDesk().send(source.definition, folder: source.folder) { _ in }
        let report = try await StatusReport.read(from: desk.hub.store, at: desk.hub.clock())
        let lines = StatusText.lines(report, adapters: desk.hub.configuration.adapters).map { line in
            line.split(separator: " ").joined(separator: " ")
        }
        #expect(lines.contains("mail email (sandbox) 0 0 0 1 –"))
        #expect(lines.contains("text sms (sandbox) 0 0 0 0 –"))
        try await desk.close()
    }
}
