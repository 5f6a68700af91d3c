import RapportChannels
package import RapportCore
package import RapportLog

/// What `rapport status` shows: the store's numbers, the campaigns, and what wants a person.
package struct StatusReport: Sendable {
    package struct Campaign: Sendable {
        package var record: CampaignRecord
        package var progress: CampaignProgress

        /// Seconds until the waiting messages have left at the rate of the last minute; `nil` when nothing moves.
        package var secondsLeft: Int? {
            let waiting = (progress.states[.planned] ?? 0) + (progress.states[.claimed] ?? 0)
            guard record.state == .sending, progress.lastMinute > 0, waiting > 0 else { return nil }
            return waiting * 60 / progress.lastMinute
        }
    }

    /// How the hub is, as the exit code says it.
    package enum Health: Int, Sendable {
        case healthy = 0
        case wantsAttention = 1
        case down = 2
    }

    package var at: Timestamp
    package var store: StoreStatus
    package var campaigns: [Campaign]
    /// Names of those that the configuration has; `nil`: nobody asked.
    package var adapters: Set<String>?

    package init(at: Timestamp, store: StoreStatus, campaigns: [Campaign], adapters: Set<String>? = nil) {
        self.at = at
        self.store = store
        self.campaigns = campaigns
        self.adapters = adapters
    }

    /// - Parameter campaignLimit: campaigns that are over are shown up to this number.
    package static func read(
        from source: any StatusReading & CampaignStoring, at now: Timestamp, adapters: Set<String>? = nil,
        campaignLimit: Int = 10
    ) async throws(StoreError) -> StatusReport {
        let status = try await source.status(at: now)
        var campaigns: [Campaign] = []
        for record in try await source.campaigns() {
            let isOver = record.state == .completed || record.state == .cancelled
            if isOver, campaigns.count >= campaignLimit { continue }
            campaigns.append(
                Campaign(record: record, progress: try await source.progress(record.key, at: now)))
        }
        return StatusReport(at: now, store: status, campaigns: campaigns, adapters: adapters)
    }

    /// The hub that works on this store now.
    package var node: NodeRecord? {
        store.nodes.filter { $0.isAlive(at: at) }.max { $0.startedAt < $1.startedAt }
    }

    /// Skipped rows of all shown campaigns by rule.
    package var skipped: [String: Int] {
        campaigns.reduce(into: [:]) { $0.merge($1.progress.skipped, uniquingKeysWith: +) }
    }

    /// What a person should look at, the most pressing first.
    package var attention: [String] {
        var lines: [String] = []
        if node == nil { lines.append("no hub is running on this store") }
        if store.followUpsOverdue > 0 {
            lines.append("\(store.followUpsOverdue) follow-up\(store.followUpsOverdue == 1 ? " is" : "s are") overdue")
        }
        lines += misconfigured
        for (adapter, rows) in store.queued.sorted(by: { $0.key < $1.key })
        where rows > 0 && adapters?.contains(adapter) == false {
            lines.append("no adapter is called ‘\(adapter)’: \(rows) message\(rows == 1 ? " waits" : "s wait") for it")
        }
        for campaign in campaigns {
            let key = campaign.record.key
            let failed = campaign.progress.states[.failed] ?? 0
            let unknown = campaign.progress.states[.unknown] ?? 0
            if unknown > 0 { lines.append("\(key): nobody knows what became of \(unknown)") }
            if failed > 0 { lines.append("\(key): \(failed) failed") }
            if campaign.record.state == .paused {
                lines.append("\(key): paused" + (campaign.record.note.map { " (\($0))" } ?? ""))
            }
            if campaign.record.state == .planning {
                lines.append("\(key): planning was cut off; send it again to go on")
            }
        }
        if let unknown = store.singles[.unknown], unknown > 0 {
            lines.append("nobody knows what became of \(unknown) single message\(unknown == 1 ? "" : "s")")
        }
        return lines
    }

    /// What waits for a person to mend an adapter: it is tried again and again, and no try can succeed until then.
    private var misconfigured: [String] {
        store.deferred.sorted { $0.key < $1.key }.flatMap { adapter, rules in
            rules.sorted { $0.key < $1.key }.compactMap { rule, rows in
                guard let error = SendError.Code(rawValue: rule).map({ SendError($0) }), error.wantsAttention else {
                    return nil
                }
                return "\(adapter) \(error): \(rows) message\(rows == 1 ? " waits" : "s wait")"
            }
        }
    }

    package var health: Health {
        if node == nil { return .down }
        return attention.isEmpty ? .healthy : .wantsAttention
    }
}
