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

        /// Whether nothing of it will be sent any more.
        var isOver: Bool { record.state == .completed || record.state == .cancelled }

        /// What became of its messages and wants a person.
        var unknown: Int { progress.states[.unknown] ?? 0 }
        var failed: Int { progress.states[.failed] ?? 0 }
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
    /// How far the feeds of the configuration have come.
    package var feeds: [StoreStatus.Cursor]

    /// - Parameter feeds: names of those that the configuration has; others are not told of.
    package init(
        at: Timestamp, store: StoreStatus, campaigns: [Campaign], adapters: Set<String>? = nil, feeds: Set<String> = []
    ) {
        self.at = at
        self.store = store
        self.campaigns = campaigns
        self.adapters = adapters
        self.feeds = store.cursors.filter { feeds.contains($0.reader) }
    }

    /// - Parameter campaignLimit: campaigns that are over are shown up to this number, and beyond it those that ended
    ///   within the last day and of which something failed or is unknown.
    package static func read(
        from source: any StatusReading & CampaignStoring, at now: Timestamp, adapters: Set<String>? = nil,
        feeds: Set<String> = [], campaignLimit: Int = 10
    ) async throws(StoreError) -> StatusReport {
        let status = try await source.status(at: now)
        var campaigns: [Campaign] = []
        for record in try await source.campaigns() {
            var campaign = Campaign(record: record, progress: CampaignProgress())
            let isBeyond = campaign.isOver && campaigns.count >= campaignLimit
            if isBeyond, !isRecent(record, at: now) { continue }
            campaign.progress = try await source.progress(record.key, at: now)
            if isBeyond, campaign.failed == 0, campaign.unknown == 0 { continue }
            campaigns.append(campaign)
        }
        return StatusReport(at: now, store: status, campaigns: campaigns, adapters: adapters, feeds: feeds)
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
        if store.conflictsOpen > 0 {
            lines.append(
                "\(store.conflictsOpen) identity conflict\(store.conflictsOpen == 1 ? " is" : "s are") open: "
                    + "an event named customers who may be one")
        }
        lines += misconfigured
        for (adapter, rows) in store.queued.sorted(by: { $0.key < $1.key })
        where rows > 0 && adapters?.contains(adapter) == false {
            lines.append("no adapter is called ‘\(adapter)’: \(rows) message\(rows == 1 ? " waits" : "s wait") for it")
        }
        if store.stuck > 0 {
            lines.append(
                "\(store.stuck) message\(store.stuck == 1 ? "" : "s") in hand for more than an hour: what became of "
                    + "\(store.stuck == 1 ? "it" : "them") could not be written; the next start of the hub settles that"
            )
        }
        lines += campaigns.flatMap(attention)
        lines += store.traffic.compactMap(attention)
        lines += feeds.compactMap(attention)
        for (state, count) in store.recentSingles.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let messages = "\(count) single message\(count == 1 ? "" : "s") of the last 24 hours"
            lines.append(
                state == .unknown ? "nobody knows what became of \(messages)" : "\(messages) \(state.rawValue)")
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

    /// Failures of a campaign that ended more than a day ago have been seen, or will not be: its report keeps them.
    private func attention(_ campaign: Campaign) -> [String] {
        let record = campaign.record
        var lines: [String] = []
        if Self.isRecent(record, at: at) {
            if campaign.unknown > 0 { lines.append("\(record.key): nobody knows what became of \(campaign.unknown)") }
            if campaign.failed > 0 { lines.append("\(record.key): \(campaign.failed) failed") }
        }
        if record.state == .paused {
            lines.append("\(record.key): paused" + (record.note.map { " (\($0))" } ?? ""))
        }
        // A million rows are planned well within this time, so that a longer one means that nobody is at it.
        if record.state == .planning, record.createdAt < at.adding(seconds: -Self.planningSeconds) {
            lines.append("\(record.key): planning was cut off; send it again to go on")
        }
        return lines
    }

    /// An adapter over which nothing leaves although messages wait for it and were tried.
    private func attention(_ traffic: StoreStatus.Traffic) -> String? {
        guard node != nil, traffic.outbound == 0, traffic.failed > 0, let waiting = store.queued[traffic.adapter] else {
            return nil
        }
        return "\(traffic.adapter): nothing left in the last hour, \(traffic.failed) "
            + "attempt\(traffic.failed == 1 ? "" : "s") failed, \(waiting) wait\(waiting == 1 ? "s" : "")"
    }

    /// A feed whose receiver has taken nothing of what waits for longer than a slow answer explains.
    private func attention(_ feed: StoreStatus.Cursor) -> String? {
        guard let since = feed.waitingSince, since <= at.adding(seconds: -Self.feedSeconds) else { return nil }
        return "\(feed.reader): the feed’s receiver takes nothing, \(feed.behind) "
            + "interaction\(feed.behind == 1 ? " waits" : "s wait"), the oldest since \(since)"
            + (feed.failure.map { "; at \($0.at) \($0.reason)" } ?? "")
    }

    /// Whether what went wrong in a campaign wants attention by itself: it goes on, or ended within the last day.
    private static func isRecent(_ record: CampaignRecord, at now: Timestamp) -> Bool {
        record.finishedAt.map { $0 > now.adding(seconds: -recentSeconds) } ?? true
    }

    /// How long what went wrong wants attention by itself: a day.
    private static let recentSeconds: Int64 = 86_400
    private static let planningSeconds: Int64 = 900
    private static let feedSeconds: Int64 = 600

    package var health: Health {
        if node == nil { return .down }
        return attention.isEmpty ? .healthy : .wantsAttention
    }
}
