import Foundation
import RapportCore
import RapportLog
import Synchronization

/// The campaigns that are being sent, with their templates compiled once.
final class CampaignCache: Sendable {
    struct Entry: Sendable {
        var definition: CampaignDefinition
        var templates: CampaignTemplates
    }

    private let store: any CampaignStoring
    private let entries = Mutex<[CampaignKey: Entry]>([:])
    /// Campaigns that run at the same time; the rest is compiled again when needed.
    private static let limit = 64

    init(store: any CampaignStoring) {
        self.store = store
    }

    /// `nil` when the campaign is gone or can't be read any more.
    func entry(_ key: CampaignKey) async throws(StoreError) -> Entry? {
        if let known = entries.withLock({ $0[key] }) { return known }
        guard let record = try await store.campaign(key), let entry = Self.compile(record) else { return nil }
        entries.withLock { entries in
            if entries.count >= Self.limit { entries.removeAll() }
            entries[key] = entry
        }
        return entry
    }

    /// The throttles of the campaigns known so far.
    var throttles: [CampaignKey: ThrottleSettings] {
        entries.withLock { $0.mapValues(\.definition.throttle) }
    }

    private static func compile(_ record: CampaignRecord) -> Entry? {
        guard let definition = try? CampaignDefinition(encoded: record.definition),
            let templates = try? CampaignTemplates(definition)
        else { return nil }
        return Entry(definition: definition, templates: templates)
    }
}

extension CampaignDefinition {
    /// As it is stored with a campaign.
    package func encoded() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    package init(encoded: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(encoded.utf8))
    }
}
