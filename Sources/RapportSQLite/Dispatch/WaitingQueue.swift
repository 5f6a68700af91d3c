import GRDB
import RapportCore
import RapportLog

/// Finds dispatches that are due.
///
/// The index of waiting rows is sorted by campaign and adapter first, so that a campaign that is paused or throttled, or an
/// adapter that can take nothing, costs nothing however many rows wait for it. There are few of both.
struct WaitingQueue {
    /// Rows that differ only in when they are due.
    private struct Lane {
        var campaign: Int64?
        var key: CampaignKey?
        var adapter: Int64
        var messageClass: Int64
    }

    private struct Due {
        var messageClass: Int64
        var at: Int64
        var id: Int64
    }

    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// The ids of due rows: transactional first, then by due time, then by age; then a few of what waits for adapters that
    /// are not there.
    func due(_ query: ClaimQuery) throws -> [Int64] {
        let blocked = try numbers(query.withoutAdapters)
        let there = try query.adapters.map(numbers)
        let limits = try numbered(query.limits)
        var due: [Due] = []
        var forOthers: [Due] = []
        for lane in try lanes() where !blocked.contains(lane.adapter) {
            guard there?.contains(lane.adapter) ?? true else {
                forOthers += try self.due(in: lane, by: query.now, limit: ClaimQuery.mostForOthers)
                continue
            }
            let limit = min(query.limit, limits[lane.adapter]?[lane.key] ?? query.limit)
            if limit > 0 { due += try self.due(in: lane, by: query.now, limit: limit) }
        }
        return first(query.limit, of: due) + first(ClaimQuery.mostForOthers, of: forOthers)
    }

    private func due(in lane: Lane, by now: Timestamp, limit: Int) throws -> [Due] {
        try db.list(
            """
            SELECT class, due_at, id FROM dispatch INDEXED BY dispatch_waiting
            WHERE waiting = 1 AND campaign IS ? AND adapter = ? AND class = ? AND due_at <= ?
            ORDER BY due_at, id LIMIT ?
            """, [lane.campaign, lane.adapter, lane.messageClass, now.milliseconds, limit]
        ) { Due(messageClass: $0[0], at: $0[1], id: $0[2]) }
    }

    private func first(_ count: Int, of due: [Due]) -> [Int64] {
        due.sorted { ($0.messageClass, $0.at, $0.id) < ($1.messageClass, $1.at, $1.id) }.prefix(count).map(\.id)
    }

    func nextDue(without excluded: Set<CampaignLane>, adapters: Set<String>?) throws -> Timestamp? {
        let excluded = try numbered(Dictionary(uniqueKeysWithValues: excluded.map { ($0, 0) }))
        let there = try adapters.map(numbers)
        return try lanes().filter { lane in
            excluded[lane.adapter]?[lane.key] == nil && there?.contains(lane.adapter) ?? true
        }.compactMap(nextDue).min()
    }

    /// Of adapters; those that no row has ever named are left out.
    private func numbers(_ adapters: Set<String>) throws -> Set<Int64> {
        Set(try adapters.compactMap { try transaction.words.find($0, db) })
    }

    /// By the adapters' numbers; those that no row has ever named are left out.
    private func numbered(_ limits: [CampaignLane: Int]) throws -> [Int64: [CampaignKey?: Int]] {
        var numbered: [Int64: [CampaignKey?: Int]] = [:]
        for (lane, limit) in limits {
            guard let adapter = try transaction.words.find(lane.adapter, db) else { continue }
            numbered[adapter, default: [:]][lane.campaign] = limit
        }
        return numbered
    }

    /// When the next row of one campaign falls due, whatever the campaign's state.
    func nextDue(ofCampaign campaign: Int64) throws -> Timestamp? {
        try lanes(of: campaign, nil).compactMap(nextDue).min()
    }

    private func nextDue(_ lane: Lane) throws -> Timestamp? {
        try db.first(
            """
            SELECT min(due_at) FROM dispatch INDEXED BY dispatch_waiting
            WHERE waiting = 1 AND campaign IS ? AND adapter = ? AND class = ?
            """, [lane.campaign, lane.adapter, lane.messageClass]
        ) { $0.instant(ifAny: 0) } ?? nil
    }

    private func lanes() throws -> [Lane] {
        let sending = try db.list(
            "SELECT id, name, occurrence FROM campaign WHERE state = ?", [CampaignRecord.State.sending.code]
        ) { (id: $0[0] as Int64, key: CampaignKey(name: $0[1], occurrence: occurrence($0[2]))) }
        return try lanes(of: nil, nil) + sending.flatMap { try lanes(of: $0.id, $0.key) }
    }

    /// Steps from one lane to the next through the index instead of reading all its rows: first to the next class of
    /// the same adapter, then to the next adapter. One step over both, `(adapter, class) > (?, ?)`, would read every
    /// row of the adapter.
    private func lanes(of campaign: Int64?, _ key: CampaignKey?) throws -> [Lane] {
        var lanes: [Lane] = []
        var adapter: Int64 = -1
        while let next = try lane(
            "campaign IS ? AND adapter > ? ORDER BY adapter, class", campaign, key, [campaign, adapter])
        {
            lanes.append(next)
            adapter = next.adapter
            while let last = lanes.last,
                let next = try lane(
                    "campaign IS ? AND adapter = ? AND class > ? ORDER BY class", campaign, key,
                    [campaign, adapter, last.messageClass])
            {
                lanes.append(next)
            }
        }
        return lanes
    }

    private func lane(
        _ condition: String, _ campaign: Int64?, _ key: CampaignKey?, _ arguments: [(any Bindable)?]
    ) throws -> Lane? {
        try db.first(
            """
            SELECT adapter, class FROM dispatch INDEXED BY dispatch_waiting
            WHERE waiting = 1 AND \(condition) LIMIT 1
            """, arguments
        ) { Lane(campaign: campaign, key: key, adapter: $0[0], messageClass: $0[1]) }
    }
}
