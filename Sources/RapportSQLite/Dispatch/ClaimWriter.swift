import GRDB
import RapportCore
import RapportLog

/// Writes what was decided about candidates.
struct ClaimWriter {
    let transaction: Transaction
    let query: ClaimQuery
    private var db: Database { transaction.db }

    /// - Returns: what was claimed, in order. A candidate that does not wait any more, because a receipt said meanwhile
    ///   that it has arrived after all, is left as it is.
    func write(_ judgement: Judgement) throws -> [ClaimedDispatch] {
        var claimedUnder: [String: [Int64]] = [:]
        for (decision, candidate) in zip(judgement.decisions, judgement.candidates) {
            if case .claim(_, let version) = decision {
                claimedUnder[version, default: []].append(candidate.id.number)
            } else {
                try keep(decision, of: candidate)
            }
        }
        var claimed: Set<Int64> = []
        for (version, ids) in claimedUnder { claimed.formUnion(try claim(ids, under: version)) }
        // What is claimed counts for everybody who shares a customer, an address or a household with it.
        if !claimed.isEmpty { transaction.changes?.changeEverybody() }
        return try zip(judgement.decisions, judgement.candidates).compactMap { decision, candidate in
            guard case .claim(let route, _) = decision, claimed.contains(candidate.id.number) else { return nil }
            try turn(candidate, to: route, hasMoved: judgement.hasMoved(candidate))
            return ClaimedDispatch(candidate: candidate, routeIndex: route)
        }
    }

    /// With one statement for all of them, because to begin one costs as much as to change a row. Nearly always all of
    /// them still wait, which is told by how many rows were changed; only when they are fewer it is looked up which. No other
    /// claim of this node at this instant can be among those: a judgement that does not know of it is not written.
    private func claim(_ ids: [Int64], under version: String) throws -> [Int64] {
        let list = Bound.list(ids)
        let count = try db.change(
            """
            UPDATE dispatch SET state = 2, waiting = 0, node = ?, claimed_at = ?, rule = NULL, rule_evidence = NULL,
                policy_version = ?
            WHERE id IN (SELECT value FROM json_each(?)) AND waiting = 1
            """, [query.node, query.now.milliseconds, version, list])
        guard count < ids.count else { return ids }
        return try db.list(
            """
            SELECT id FROM dispatch
            WHERE id IN (SELECT value FROM json_each(?)) AND state = 2 AND node = ? AND claimed_at = ?
            """, [list, query.node, query.now.milliseconds]
        ) { $0[0] as Int64 }
    }

    /// To the route and the household that the verdict knew, where they are others than when the row was planned.
    private func turn(_ candidate: ClaimCandidate, to route: Int, hasMoved: Bool) throws {
        try turn(candidate, to: route)
        if hasMoved {
            try db.run(
                "UPDATE dispatch SET household = ? WHERE id = ?",
                [candidate.customer.profile.household, candidate.id.number])
        }
    }

    private func turn(_ candidate: ClaimCandidate, to route: Int) throws {
        guard candidate.plan.routes.indices.contains(route) else {
            throw StoreError(.contract, "claiming: there is no such route")
        }
        guard route != candidate.routeIndex else { return }
        try DispatchRows(transaction).take(candidate.plan.routes[route], route, candidate.id.number)
    }

    /// What is not claimed stays, until later or for good.
    private func keep(_ decision: ClaimDecision, of candidate: ClaimCandidate) throws {
        let id = candidate.id.number
        switch decision {
        case .claim: break
        case .defer(let until, let rule, let evidence, let version):
            try db.run(
                """
                UPDATE dispatch SET state = 1, due_at = ?, rule = ?, rule_evidence = ?, policy_version = ?
                WHERE id = ? AND waiting = 1
                """, [until.milliseconds, rule, evidenceText(evidence), version, id])
        case .skip(let rule, let evidence, let version):
            try db.run(
                """
                UPDATE dispatch SET state = \(DispatchRows.ended(.skipped)), waiting = 0, rule = ?, rule_evidence = ?,
                    policy_version = ?
                WHERE id = ? AND waiting = 1
                """, [rule, evidenceText(evidence), version, id])
        case .leave(let until): _ = try leave(id, until: until)
        case .turn(let route, let until):
            if try leave(id, until: until) { try turn(candidate, to: route) }
        }
    }

    /// - Returns: whether it waits.
    private func leave(_ id: Int64, until: Timestamp) throws -> Bool {
        try db.change("UPDATE dispatch SET due_at = ? WHERE id = ? AND waiting = 1", [until.milliseconds, id]) > 0
    }

    private func evidenceText(_ evidence: [String]) -> String? {
        evidence.isEmpty ? nil : FlatJSON.encode(evidence)
    }
}
