import RapportCore
import RapportLog

/// Verdicts on due dispatches, before they are written.
struct Judgement {
    let decisions: [ClaimDecision]
    private let found: CandidateReader.Found

    var candidates: [ClaimCandidate] { found.candidates }

    /// Reads what is due with all that a verdict looks at, and decides.
    init(
        _ transaction: Transaction, _ query: ClaimQuery, decide: ([ClaimCandidate]) -> [ClaimDecision]
    ) throws {
        found = try CandidateReader(transaction, lookback: query.lookback).candidates(
            WaitingQueue(transaction).due(query))
        decisions = found.candidates.isEmpty ? [] : decide(found.candidates)
        guard decisions.count == found.candidates.count else {
            throw StoreError(.contract, "claiming: one decision for each candidate is needed")
        }
    }

    /// Whether the customer belongs to another household than when this was planned.
    func hasMoved(_ candidate: ClaimCandidate) -> Bool { found.moved.contains(candidate.id.number) }

    /// Whether it would come out the same in this transaction, which writes, as in the snapshot it was reached in.
    func holds(since mark: FactsChanges.Mark, in transaction: Transaction) -> Bool {
        transaction.changes?.haveStood(
            since: mark, customers: found.customers,
            addresses: candidates.lazy.flatMap { $0.plan.routes.map(\.address) })
            ?? false
    }
}
