/// What `rapport campaign report --json` says.
struct CampaignReportJSON: Decodable {
    static let settled: Set<String> = ["accepted", "failed", "unknown", "skipped", "deferred"]

    var planned: Int
    var states: [String: Int]
}
