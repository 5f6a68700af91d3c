import RapportApp
import RapportCore
import RapportHub
import RapportLog

/// What a campaign goes over, and whether that sends anything.
struct CampaignAdapters: Sendable {
    struct Entry: Hashable, Sendable {
        var adapter: String
        var channel: Channel
        /// It writes files and sends nothing.
        var isSandbox: Bool
    }

    /// In the campaign's order of preference.
    var entries: [Entry]

    /// Messages that are looked at for what the sandbox says of them.
    private static let looks = 100

    /// A campaign whose definition can't be read has none; its note says so.
    static func read(
        _ record: CampaignRecord, configuration: HubConfiguration, store: any CampaignStoring
    ) async throws(StoreError) -> CampaignAdapters {
        let sent = try await store.rows(
            of: record.key, states: [.accepted, .delivered, .bounced], after: nil, limit: looks)
        guard let definition = try? record.readDefinition() else { return CampaignAdapters(entries: []) }
        // What went to the sandbox did, though the adapter may have become a real one since.
        let sandboxes = Set(configuration.adapters.filter(\.isSandbox).map(\.name))
            .union(sent.filter { $0.detail?.hasPrefix("sandbox:") == true }.map(\.adapter))
        return CampaignAdapters(
            entries: definition.channels.compactMap { channel in
                let named = definition.adapters[channel.rawValue]
                return (named ?? configuration.routes.adapters[channel]?.first).map { name in
                    Entry(adapter: name, channel: channel, isSandbox: sandboxes.contains(name))
                }
            })
    }

    /// `mail-out (email, sandbox: written, not sent), sms-out (sms)`
    var text: String {
        entries.map { entry in
            "\(entry.adapter) (\(entry.channel.rawValue)\(entry.isSandbox ? ", sandbox: written, not sent" : ""))"
        }.joined(separator: ", ")
    }

    var field: JSONField {
        .list(
            entries.map { entry in
                .object([
                    ("adapter", .text(entry.adapter)), ("channel", .text(entry.channel.rawValue)),
                    ("sandbox", .flag(entry.isSandbox)),
                ])
            })
    }
}
