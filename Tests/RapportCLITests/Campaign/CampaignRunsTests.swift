import RapportCore
import RapportHub
import RapportLog
import Testing

@testable import RapportCLI

@Suite("The name of a campaign's run")
struct CampaignRunsTests {
    private static func run(_ name: String, _ occurrence: String? = nil) -> CampaignRecord {
        CampaignRecord(
            key: CampaignKey(name: name, occurrence: occurrence), state: .sending, messageClass: .marketing,
            topic: "offers", definition: "{}", createdAt: Timestamp(seconds: 0))
    }

    private let runs = CampaignRuns(
        records: [run("spring"), run("news", "2026-02"), run("news", "2026-01"), run("fair", "2026")],
        folders: ["spring", "news", "fair", "autumn"])

    @Test(
        "is the name, or name@occurrence when there were several",
        arguments: [("spring", "spring"), ("news@2026-01", "news@2026-01"), ("fair", "fair@2026")])
    func found(text: String, expected: String) throws {
        #expect(try runs.find(text).key.description == expected)
    }

    @Test(
        "that is none says what it could have been",
        arguments: [
            ("news", "‘news’ ran more than once; name one run: news@2026-02, news@2026-01"),
            ("autumn", "the campaign ‘autumn’ was never sent"),
            ("sprnig", "there is no campaign ‘sprnig’; did you mean ‘spring’?"),
            ("news@2026-03", "there is no campaign ‘news@2026-03’; did you mean ‘news@2026-02’?"),
        ])
    func refused(text: String, expected: String) {
        let error = #expect(throws: CampaignNameError.self) { try runs.find(text) }
        #expect(error?.description == expected)
    }

    @Test("folders that were never sent are known")
    func unsent() {
        #expect(runs.unsent == ["autumn"])
    }
}
