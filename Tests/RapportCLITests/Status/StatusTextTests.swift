import RapportApp
import RapportChannels
import RapportCore
import RapportHub
import RapportLog
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

    @Test("a conflict of identities is named with the commands that settle it, and a feed with its last failure")
    func conflictsAndFeeds() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,Berlin,", "crm/2,Bo,,13800138000,Berlin,")
        let event = InboundEvent(
            kind: .messageReceived, channel: .email,
            customerAddresses: [RawAddress(.mailto, "ana@example.com"), RawAddress(.tel, "13800138000")])
        _ = try await desk.hub.intake().submit([event], adapter: "mail", region: nil)
        let now = desk.hub.clock()
        try await desk.hub.store.fail("crm", because: "the receiver refused it", at: now.adding(seconds: -90))
        let report = try await StatusReport.read(from: desk.hub.store, at: now, feeds: ["crm"])
        let policy = PolicyInForce.read(desk.hub.configuration, node: nil)
        let lines = StatusText.lines(report, adapters: [], policy: policy)
        #expect(
            lines.contains("    c1 and c2 (i4): ‘rapport customer merge c2 c1’ makes them one,")
                && lines.contains("        ‘rapport customer tell-apart c2 c1’ says that they are two"))
        #expect(lines.contains("feed       crm, 4 interactions behind; 1m 30s ago the receiver refused it"))
        let json = JSONField.object(StatusText.fields(report, adapters: [], policy: policy)).json
        #expect(
            json.contains(
                #""identityConflicts":{"open":1,"latest":[{"customer":"c1","other":"c2","interaction":"i4"}]}"#))
        #expect(json.contains(#""failure":"the receiver refused it","failedAt":""#))
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
