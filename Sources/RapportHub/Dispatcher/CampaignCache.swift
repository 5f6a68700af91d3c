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
    private let isSending = Mutex(false)
    private let lookedAt = Mutex<Timestamp?>(nil)
    /// Campaigns that run at the same time; the rest is compiled again when needed.
    private static let limit = 1024

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

    /// Looks, once a second at most, for campaigns that began to be sent, so that their throttles hold from the first message.
    func learn(at now: Timestamp) async throws(StoreError) {
        let isDue = lookedAt.withLock { lookedAt in
            if let last = lookedAt, now >= last, now < last.adding(seconds: 1) { return false }
            lookedAt = now
            return true
        }
        guard isDue else { return }
        let sending = try await store.campaigns().filter { $0.state == .sending }
        isSending.withLock { $0 = !sending.isEmpty }
        for record in sending { _ = try await entry(record.key) }
    }

    /// Whether any campaign was being sent at the last look.
    var hasWork: Bool { isSending.withLock { $0 } }

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
