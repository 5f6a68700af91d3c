import GRDB
import RapportCore
import RapportLog

/// Writes what was decided about candidates.
struct ClaimWriter {
    let transaction: Transaction
    let query: ClaimQuery
    private var db: Database { transaction.db }

    func write(_ decision: ClaimDecision, about candidate: ClaimCandidate) throws -> ClaimedDispatch? {
        let id = candidate.id.number
        switch decision {
        case .claim(let route, let version):
            guard candidate.plan.routes.indices.contains(route) else {
                throw StoreError(.contract, "claiming: there is no such route")
            }
            if route != candidate.routeIndex {
                try DispatchRows(transaction).take(candidate.plan.routes[route], route, id)
            }
            // The household is the one that the verdict knew; it may be another than when the row was planned.
            try db.run(
                """
                UPDATE dispatch SET state = 2, waiting = 0, node = ?, claimed_at = ?, rule = NULL, rule_evidence = NULL,
                    policy_version = ?, household = ?
                WHERE id = ?
                """,
                [query.node, query.now.milliseconds, version, candidate.customer.profile.household, id])
            return ClaimedDispatch(candidate: candidate, routeIndex: route)
        case .defer(let until, let rule, let evidence, let version):
            try db.run(
                """
                UPDATE dispatch SET state = 1, due_at = ?, rule = ?, rule_evidence = ?, policy_version = ? WHERE id = ?
                """, [until.milliseconds, rule, evidenceText(evidence), version, id])
        case .skip(let rule, let evidence, let version):
            try db.run(
                """
                UPDATE dispatch SET state = 3, waiting = 0, rule = ?, rule_evidence = ?, policy_version = ? WHERE id = ?
                """, [rule, evidenceText(evidence), version, id])
        case .leave(let until):
            try db.run("UPDATE dispatch SET due_at = ? WHERE id = ?", [until.milliseconds, id])
        }
        return nil
    }

    private func evidenceText(_ evidence: [String]) -> String? {
        evidence.isEmpty ? nil : FlatJSON.encode(evidence)
    }
}
