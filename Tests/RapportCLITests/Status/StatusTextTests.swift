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
        let policy = PolicyInForce.read(desk.hub.configuration, node: report.node)
        let lines = StatusText.lines(report, adapters: desk.hub.configuration.adapters, policy: policy).map { line in
            line.split(separator: " ").joined(separator: " ")
        }
        #expect(lines.contains("mail email (sandbox) 0 0 0 1 –"))
        #expect(lines.contains("text sms (sandbox) 0 0 0 0 –"))
        try await desk.close()
    }

    @Test(
        "the policy in force is named, and told apart from what its file has since",
        arguments: [
            ("aa", "aa", true, "policy.yaml, version aa"),
            ("aa", "bb", true, "policy.yaml, version aa; the file now has bb, which SIGHUP puts in force"),
            ("aa", nil, true, "policy.yaml, version aa; the file is refused; ‘rapport policy check’ says why"),
            (nil, "bb", false, "policy.yaml, version bb"),
            (nil, "bb", true, "policy.yaml, version bb; the hub doesn’t tell which one it goes by"),
            (nil, nil, false, "policy.yaml: the file is refused; ‘rapport policy check’ says why"),
        ] as [(String?, String?, Bool, String)])
    func policy(version: String?, fileVersion: String?, hubIsRunning: Bool, expected: String) {
        let policy = PolicyInForce(file: "policy.yaml", version: version, fileVersion: fileVersion)
        #expect(StatusText.told(policy, hubIsRunning: hubIsRunning) == expected)
    }
}
