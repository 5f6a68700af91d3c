import GRDB
import RapportCore
import RapportLog

/// Writes planned rows.
struct DispatchPlanner {
    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func plan(_ plans: [DispatchPlan], saying definition: String?) throws -> [PlannedDispatch] {
        let rootOf = try transaction.roots(Set(plans.map(\.customer.number)))
        let (households, erased) = try standing(of: Set(rootOf.values))
        var campaigns: [CampaignKey: Int64] = [:]
        let table = CampaignTable(transaction)
        for key in Set(plans.compactMap(\.campaign)) {
            guard let id = try table.id(of: key) else { continue }
            if try table.isOver(id) { return [] }
            if let definition, try !table.says(definition, id) { return [] }
            campaigns[key] = id
        }
        var next = try db.number("SELECT max(id) FROM dispatch") + 1
        var written: [Int64: ClosedRange<Int64>] = [:]
        let planned = try plans.map { plan -> PlannedDispatch in
            guard let root = rootOf[plan.customer.number] else {
                throw StoreError(.contract, "planning: there is no such customer")
            }
            let campaign = try plan.campaign.map { key in
                guard let id = campaigns[key] else {
                    throw StoreError(.contract, "planning: there is no such campaign")
                }
                return id
            }
            if let existing = try existing(plan, root: root, campaign: campaign) { return existing }
            if let obstacle = try obstacle(to: plan) { return PlannedDispatch(obstacle: obstacle) }
            try insert(plan, id: next, root: root, campaign: campaign, household: households[root] ?? nil)
            if let campaign { written[campaign] = (written[campaign]?.lowerBound ?? next)...next }
            defer { next += 1 }
            return PlannedDispatch(id: DispatchID(next), isRepetition: false)
        }
        let late = plans.filter { erased.contains(rootOf[$0.customer.number] ?? 0) }
        if !late.isEmpty {
            try Eraser(transaction).emptyPlans(
                for: erased, addresses: Set(late.lazy.flatMap(\.routes).map(\.address.uri)))
        }
        for (campaign, range) in written {
            try db.run(
                "UPDATE campaign SET first_row = ifnull(first_row, ?), last_row = ? WHERE id = ?",
                [range.lowerBound, range.upperBound, campaign])
        }
        return planned
    }

    private func existing(_ plan: DispatchPlan, root: Int64, campaign: Int64?) throws -> PlannedDispatch? {
        if let campaign {
            return try db.first(
                "SELECT id FROM dispatch WHERE campaign = ? AND customer = ?", [campaign, root]
            ) { PlannedDispatch(id: DispatchID($0[0] as Int64), isRepetition: true) }
        }
        return try plan.key.flatMap { try keys.planned(under: $0, digest: plan.digest) }
    }

    private func obstacle(to plan: DispatchPlan) throws -> PlannedDispatch.Obstacle? {
        for followUp in plan.answers {
            guard try db.number("SELECT closed FROM follow_up WHERE id = ?", [followUp.number]) == 0 else {
                return .closed(followUp)
            }
            guard let other = try keys.find(answerName(of: followUp)) else { continue }
            let isUnderWay = try db.number(
                "SELECT waiting = 1 OR node IS NOT NULL FROM dispatch WHERE id = ?", [other])
            if isUnderWay != 0 { return .answered(followUp, by: DispatchID(other)) }
        }
        return nil
    }

    /// Leads to the message that answers a follow-up. Stands among the names of single messages, of which none begins so.
    private func answerName(of followUp: FollowUpID) -> Hash128 { Hash128("", "answers", followUp.description) }

    private var keys: DispatchKeys { DispatchKeys(db: db, space: .singleMessage) }

    private func insert(
        _ plan: DispatchPlan, id: Int64, root: Int64, campaign: Int64?, household: String?
    ) throws {
        guard let route = plan.routes.first, Set(plan.routes).count == plan.routes.count else {
            throw StoreError(.contract, "planning: a plan needs routes that are all different")
        }
        try db.run(
            """
            INSERT INTO dispatch (id, customer, campaign, class, topic, offer, content, household, route, channel,
                adapter, address, due_at, expires_at, repeats, state, waiting)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, 0, 1)
            """,
            [
                id, root, campaign, plan.messageClass.code, try transaction.word(plan.topic), plan.offer, plan.content,
                household, route.channel.code, try transaction.word(route.adapter),
                try transaction.addressID(route.address.uri), plan.dueAt.milliseconds, plan.expiresAt?.milliseconds,
                plan.repeats,
            ])
        try db.run(
            "INSERT INTO dispatch_content (dispatch, routes, variables, inline) VALUES (?, ?, ?, ?)",
            [id, try ContentText.encode(plan.routes), FlatJSON.encode(plan.variables), plan.inlineContent])
        if campaign == nil, let key = plan.key { try keys.set(key: key, digest: plan.digest, id) }
        for followUp in plan.answers { try keys.set(answerName(of: followUp), id) }
    }

    /// The customers' households, and who of them is erased.
    private func standing(of roots: Set<Int64>) throws -> (households: [Int64: String?], erased: Set<Int64>) {
        var households: [Int64: String?] = [:]
        var erased: Set<Int64> = []
        try db.each(
            "SELECT id, household, erased FROM customer WHERE id IN (SELECT value FROM json_each(?))",
            [Bound.list(roots)]
        ) { row in
            households[row[0]] = row[1] as String?
            if row[2] { erased.insert(row[0]) }
        }
        return (households, erased)
    }
}
