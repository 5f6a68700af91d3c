import RapportApp
import RapportHub
import RapportLog
import RapportYAML

/// The runs that the store knows, and the words that people name them by.
struct CampaignRuns {
    /// Without their definitions.
    var records: [CampaignRecord]
    /// Campaigns that have a folder, sent or not.
    var folders: [String]

    static func read(_ hub: HubContext) async throws -> CampaignRuns {
        CampaignRuns(
            records: try await hub.store.campaigns(),
            folders: CampaignFolder.names(below: hub.configuration.templates))
    }

    /// Finds the run that `name` or `name@occurrence` means; a name alone is enough when there was one run.
    ///
    /// - Throws: `CampaignNameError`.
    func find(_ text: String) throws -> CampaignRecord {
        if let exact = records.first(where: { $0.key.description == text }) { return exact }
        let runs = records.filter { $0.key.name == text }
        if runs.count > 1 { throw CampaignNameError.severalRuns(text, runs.map(\.key)) }
        if let only = runs.first { return only }
        let key = Self.key(text)
        if folders.contains(key.name), !records.contains(where: { $0.key.name == key.name }) {
            throw CampaignNameError.neverSent(key)
        }
        throw CampaignNameError.unknown(
            key, nearest: CampaignNameError.nearest(to: text, in: records.map(\.key.description) + folders))
    }

    /// Folders of which nothing was sent yet.
    var unsent: [String] {
        let sent = Set(records.map(\.key.name))
        return folders.filter { !sent.contains($0) }
    }

    /// `newsletter@2026-03`
    static func key(_ text: String) -> CampaignKey {
        guard let at = text.firstIndex(of: "@") else { return CampaignKey(name: text) }
        return CampaignKey(name: String(text[..<at]), occurrence: String(text[text.index(after: at)...]))
    }
}
