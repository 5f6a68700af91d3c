import Foundation
import RapportApp
import RapportCore
import RapportHub
import RapportLog

/// `rapport status` in words and as JSON.
enum StatusText {
    /// - Parameter adapters: of the configuration: those that nothing went through yet have a queue, too.
    static func lines(
        _ report: StatusReport, adapters: [HubConfiguration.AdapterEntry], policy: PolicyInForce
    ) -> [String] {
        var lines: [String] = []
        for line in report.attention { lines.append(Style.red("!") + " " + line) }
        for followUp in report.store.overdue.prefix(5) {
            let late = followUp.dueAt.map { Spoken.duration(seconds: Int(report.at.seconds - $0.seconds)) } ?? ""
            lines.append(
                "    \(followUp.id) \(followUp.customer) \(followUp.kind), \(late) late: \(PlainText.line(followUp.summary))"
            )
        }
        lines += conflicts(report)
        if !lines.isEmpty { lines.append("") }
        lines += head(report, policy: policy)
        lines += traffic(report, adapters: adapters)
        lines += campaigns(report)
        if !report.skipped.isEmpty {
            lines += [
                "",
                "skipped: "
                    + report.skipped.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
            ]
        }
        return lines
    }

    /// The latest conflicts, and what settles each: the younger customer becomes part of the older.
    private static func conflicts(_ report: StatusReport) -> [String] {
        report.store.conflicts.prefix(5).flatMap { conflict in
            let (kept, other) = (conflict.customer, conflict.other)
            return [
                "    \(kept) and \(other) (\(conflict.interaction)): ‘rapport customer merge \(other) \(kept)’ makes them one,",
                "        ‘rapport customer tell-apart \(other) \(kept)’ says that they are two",
            ]
        }
    }

    private static func head(_ report: StatusReport, policy: PolicyInForce) -> [String] {
        let store = report.store
        let node = report.node.map { node in
            "up \(Spoken.duration(seconds: Int(report.at.seconds - node.startedAt.seconds))) on \(node.host) (process \(node.process))"
        }
        return [
            "hub        " + (node.map { Style.green("●") + " " + $0 } ?? Style.red("○ not running")),
            "store      \(store.engine) \(nearby(store.location)), \(Spoken.bytes(store.bytes)), "
                + "log position \(store.lastPosition)",
            "policy     " + told(policy, hubIsRunning: report.node != nil),
            "customers  \(store.customers), " + Spoken.count(store.suppressed, "address", "addresses") + " suppressed",
            "follow-ups \(store.followUpsOpen) open, \(store.followUpsOverdue) overdue",
        ]
            + report.feeds.map { feed in
                let waits = Spoken.count(Int(feed.behind), "interaction", "interactions")
                return "feed       \(feed.reader), " + (feed.behind == 0 ? "up to date" : "\(waits) behind")
                    + (feed.failure.map { "; \(ago($0.at, report)) \(PlainText.line($0.reason))" } ?? "")
            }
            + (store.parkedReceipts > 0
                ? ["receipts   \(store.parkedReceipts) parked for ids that are not known yet"] : [])
            + (store.erasuresPending > 0
                ? ["erasures   \(store.erasuresPending) not finished: rows without a customer are still looked through"]
                : [])
    }

    /// The policy in force, and what the file has when that is something else.
    static func told(_ policy: PolicyInForce, hubIsRunning: Bool) -> String {
        let file = nearby(policy.file)
        let refused = "the file is refused; ‘rapport policy check’ says why"
        switch (policy.version, policy.fileVersion) {
        case (let version?, policy.version): return "\(file), version \(version)"
        case (let version?, let other?):
            return "\(file), version \(version); the file now has \(other), which SIGHUP puts in force"
        case (let version?, nil): return "\(file), version \(version); \(refused)"
        case (nil, let version?):
            return "\(file), version \(version)" + (hubIsRunning ? "; the hub doesn’t tell which one it goes by" : "")
        case (nil, nil): return "\(file): \(refused)"
        }
    }

    /// A path below the current folder without the way there.
    private static func nearby(_ path: String) -> String {
        let folder = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
    }

    private static func traffic(
        _ report: StatusReport, adapters: [HubConfiguration.AdapterEntry]
    ) -> [String] {
        let sandboxes = Set(adapters.filter(\.isSandbox).map(\.name))
        var table = Table(
            ["ADAPTER", "CHANNEL", "IN/h", "OUT/h", "FAILED/h", "QUEUED", "LAST SEEN"], rightAligned: [2, 3, 4, 5])
        for row in seen(report, adapters: adapters) {
            let seen = row.lastSeen.map { ago($0, report) } ?? "–"
            table.add([
                row.adapter, row.channel.rawValue + (sandboxes.contains(row.adapter) ? " (sandbox)" : ""),
                "\(row.inbound)", "\(row.outbound)", "\(row.failed)",
                "\(report.store.queued[row.adapter] ?? 0)", seen,
            ])
        }
        return table.isEmpty ? [] : [""] + table.lines()
    }

    private static func ago(_ instant: Timestamp, _ report: StatusReport) -> String {
        Spoken.duration(seconds: Int(report.at.seconds - instant.seconds)) + " ago"
    }

    /// What went through adapters, and those that send and through which nothing went yet.
    private static func seen(
        _ report: StatusReport, adapters: [HubConfiguration.AdapterEntry]
    ) -> [StoreStatus.Traffic] {
        let known = Set(report.store.traffic.map(\.adapter))
        let silent = adapters.compactMap { entry in
            entry.outboundChannel.flatMap { channel in
                known.contains(entry.name)
                    ? nil
                    : StoreStatus.Traffic(
                        adapter: entry.name, channel: channel, inbound: 0, outbound: 0, failed: 0, lastSeen: nil)
            }
        }
        return (report.store.traffic + silent).sorted {
            ($0.adapter, $0.channel.rawValue) < ($1.adapter, $1.channel.rawValue)
        }
    }

    private static func campaigns(_ report: StatusReport) -> [String] {
        var table = Table(
            ["CAMPAIGN", "STATE", "PLANNED", "SENT", "WAITING", "SKIPPED", "FAILED", "UNKNOWN", "RATE", "LEFT"],
            rightAligned: [2, 3, 4, 5, 6, 7, 8])
        for campaign in report.campaigns {
            let counts = CampaignCounts(campaign.progress)
            table.add([
                campaign.record.key.description, campaign.record.state.rawValue, "\(campaign.progress.planned)",
                "\(counts.sent)", "\(counts.waiting)", "\(counts.skipped)", "\(counts.failed)", "\(counts.unknown)",
                campaign.progress.lastMinute > 0 ? "\(campaign.progress.lastMinute)/min" : "–",
                campaign.secondsLeft.map { Spoken.duration(seconds: $0) } ?? "–",
            ])
        }
        return table.isEmpty ? [] : [""] + table.lines()
    }

    /// Whoever reads the JSON learns that the hub is down in the same words.
    static func fields(_ missing: MissingStore) -> [(String, JSONField)] {
        [
            ("at", JSONField(systemClock())), ("health", .text("\(StatusReport.Health.down)")),
            ("attention", JSONField(["\(missing)"])), ("node", .null), ("store", .null), ("policy", .null),
        ]
    }

    static func fields(
        _ report: StatusReport, adapters: [HubConfiguration.AdapterEntry], policy: PolicyInForce
    ) -> [(String, JSONField)] {
        let sandboxes = Set(adapters.filter(\.isSandbox).map(\.name))
        let store = report.store
        return [
            ("at", JSONField(report.at)),
            ("health", .text("\(report.health)")),
            ("attention", JSONField(report.attention)),
            (
                "node",
                report.node.map {
                    .object([
                        ("number", .number(Int($0.number))), ("host", .text($0.host)), ("process", .number($0.process)),
                        ("startedAt", JSONField($0.startedAt)),
                    ])
                } ?? .null
            ),
            (
                "store",
                .object([
                    ("engine", .text(store.engine)), ("location", .text(store.location)),
                    ("bytes", .number(Int(store.bytes))), ("schemaVersion", .number(store.schemaVersion)),
                    ("lastPosition", .number(Int(store.lastPosition))), ("customers", .number(store.customers)),
                    ("suppressed", .number(store.suppressed)), ("parkedReceipts", .number(store.parkedReceipts)),
                    ("erasuresPending", .number(store.erasuresPending)),
                ])
            ),
            (
                "policy",
                .object([
                    ("file", .text(policy.file)), ("version", JSONField(policy.version)),
                    ("fileVersion", JSONField(policy.fileVersion)),
                ])
            ),
            (
                "followUps",
                .object([("open", .number(store.followUpsOpen)), ("overdue", .number(store.followUpsOverdue))])
            ),
            (
                "identityConflicts",
                .object([
                    ("open", .number(store.conflictsOpen)),
                    (
                        "latest",
                        .list(
                            store.conflicts.map {
                                .object([
                                    ("customer", .text($0.customer.description)),
                                    ("other", .text($0.other.description)),
                                    ("interaction", .text($0.interaction.description)),
                                ])
                            })
                    ),
                ])
            ),
            (
                "adapters",
                .list(
                    seen(report, adapters: adapters).map {
                        adapter($0, queued: store.queued, isSandbox: sandboxes.contains($0.adapter))
                    })
            ),
            (
                "feeds",
                .list(
                    report.feeds.map {
                        .object([
                            ("adapter", .text($0.reader)), ("behind", .number(Int($0.behind))),
                            ("waitingSince", JSONField($0.waitingSince)),
                            ("failure", JSONField($0.failure?.reason)), ("failedAt", JSONField($0.failure?.at)),
                        ])
                    })
            ),
            ("campaigns", .list(report.campaigns.map { .object(CampaignText.fields($0.record, $0.progress)) })),
            ("skipped", JSONField(report.skipped)),
        ]
    }

    private static func adapter(
        _ row: StoreStatus.Traffic, queued: [String: Int], isSandbox: Bool
    ) -> JSONField {
        .object([
            ("adapter", .text(row.adapter)), ("channel", .text(row.channel.rawValue)),
            ("inbound", .number(row.inbound)),
            ("outbound", .number(row.outbound)), ("failed", .number(row.failed)),
            ("queued", .number(queued[row.adapter] ?? 0)), ("lastSeen", JSONField(row.lastSeen)),
            ("sandbox", .flag(isSandbox)),
        ])
    }
}
