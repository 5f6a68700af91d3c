import Foundation
import Logging
import RapportCore
import RapportLog
import RapportYAML
import Synchronization

/// The campaigns that are being sent, with their templates compiled once.
final class CampaignCache: Sendable {
    struct Entry: Sendable {
        var definition: CampaignDefinition
        var templates: CampaignTemplates
    }

    private let store: any CampaignStoring
    private let logger: Logger
    private let limit: Int
    private let entries = Mutex<[CampaignKey: Entry]>([:])
    /// Of all campaigns that were being sent at the last look, whatever of them is compiled.
    private let known = Mutex<[CampaignKey: ThrottleSettings]>([:])
    private let isSending = Mutex(false)
    private let lookedAt = Mutex<Timestamp?>(nil)

    /// - Parameter limit: campaigns that are kept compiled; the rest is compiled again when needed.
    init(store: any CampaignStoring, logger: Logger, limit: Int = 1024) {
        self.store = store
        self.logger = logger
        self.limit = limit
    }

    /// `nil` when the campaign is gone or can't be read any more.
    func entry(_ key: CampaignKey) async throws(StoreError) -> Entry? {
        if let known = entries.withLock({ $0[key] }) { return known }
        guard let record = try await store.campaign(key), let entry = try? Self.compile(record) else { return nil }
        keep(entry, of: key)
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
        let sending = try await store.sendingCampaigns()
        isSending.withLock { $0 = !sending.isEmpty }
        let stillSending = Set(sending)
        known.withLock { known in known = known.filter { stillSending.contains($0.key) } }
        for key in sending where known.withLock({ $0[key] == nil }) {
            guard let record = try await store.campaign(key) else { continue }
            do {
                let entry = try Self.compile(record)
                keep(entry, of: key)
                known.withLock { $0[key] = entry.definition.throttle }
            } catch {
                try await stop(key, because: error, at: now)
            }
        }
    }

    /// A campaign whose messages nobody can make is paused with the reason, which `rapport status` then shows; it would
    /// wait for ever otherwise. The others go on.
    private func stop(_ key: CampaignKey, because error: any Error, at now: Timestamp) async throws(StoreError) {
        let reason = (error as? YAMLProblem).map(\.message) ?? CampaignError.unreadableDefinition(key).description
        guard try await store.move(key, from: [.sending], to: .paused, note: reason, at: now) != nil else { return }
        logger.error("a campaign was paused", metadata: ["campaign": "\(key)", "reason": "\(reason)"])
    }

    private func keep(_ entry: Entry, of key: CampaignKey) {
        entries.withLock { entries in
            if entries.count >= limit, entries[key] == nil { entries.remove(at: entries.startIndex) }
            entries[key] = entry
        }
    }

    /// Whether any campaign was being sent at the last look.
    var hasWork: Bool { isSending.withLock { $0 } }

    /// The throttles of the campaigns that are being sent.
    var throttles: [CampaignKey: ThrottleSettings] { known.withLock { $0 } }

    /// - Throws: `CampaignError` for a definition that can't be read back, `YAMLProblem` for a template.
    private static func compile(_ record: CampaignRecord) throws -> Entry {
        let definition = try record.readDefinition()
        return Entry(definition: definition, templates: try CampaignTemplates(definition))
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

extension CampaignRecord {
    /// What was sent, as it was stored.
    ///
    /// - Throws: `CampaignError.unreadableDefinition`: it was damaged, or written by a newer version.
    package func readDefinition() throws(CampaignError) -> CampaignDefinition {
        guard let definition, let found = try? CampaignDefinition(encoded: definition) else {
            throw .unreadableDefinition(key)
        }
        return found
    }
}
