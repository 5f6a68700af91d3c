package import RapportCore
package import RapportLog

/// Addresses that must not be used, as colleagues and other systems tell of them: each act is one row of the log.
package struct SuppressionDesk: Sendable {
    let store: any IntakeStoring & CustomerStoring
    let clock: Clock
    let adapter: String
    let author: String

    /// - Parameters:
    ///   - adapter: where the acts are made: `cli` or `api:NAME`.
    ///   - author: who makes them.
    package init(
        store: any IntakeStoring & CustomerStoring, clock: @escaping Clock, adapter: String, author: String
    ) {
        self.store = store
        self.clock = clock
        self.adapter = adapter
        self.author = author
    }

    package struct Added: Hashable, Sendable {
        /// The new one, or the one that says so already.
        package var suppression: Suppression
        /// The row that was written; `nil` when nothing was.
        package var interaction: InteractionID?
    }

    package struct Lifted: Hashable, Sendable {
        package var interaction: InteractionID
        /// For what else the address is still suppressed.
        package var remaining: [Suppression.Reason]
    }

    /// Suppresses an address, whoever has it, or nobody: no customer is made. What was claimed for it and has not left
    /// is taken back. An address that is suppressed for the reason already, and for as long, stays as it is.
    ///
    /// - Throws: `SuppressionError`, `StoreError`.
    package func add(_ entry: SuppressionEntry) async throws -> Added {
        while true {
            try Task.checkCancellation()
            let decider = SuppressionDecider(now: clock(), adapter: adapter, author: author)
            try entry.check(at: decider.now)
            let outcomes = try await store.commit([decider.item(about: entry.address)], query: decider.query) {
                _, facts in
                decider.add(entry, facts: &facts).map { [IntakeDecision(interactions: [$0])] } ?? []
            }
            if let row = outcomes.first?.interaction {
                return Added(suppression: decider.suppression(entry, position: row.number), interaction: row)
            }
            let known = try await store.suppressions(of: [entry.address])
            if let standing = known.first(where: { entry.isSaid(by: $0, at: decider.now) }) {
                return Added(suppression: standing, interaction: nil)
            }
            // It was lifted in between, so it is new again.
        }
    }

    /// Ends the suppressions of an address that have this reason.
    ///
    /// - Throws: `SuppressionError`, `StoreError`.
    package func lift(_ reason: Suppression.Reason, from address: Address) async throws -> Lifted {
        guard reason.isLiftable else { throw SuppressionError.customersWord(reason) }
        let decider = SuppressionDecider(now: clock(), adapter: adapter, author: author)
        let outcomes = try await store.commit([decider.item(about: address)], query: decider.query) { _, facts in
            decider.lift(reason, from: address, facts: &facts).map { [IntakeDecision(interactions: [$0])] } ?? []
        }
        let left = try await store.suppressions(of: [address]).filter { !$0.hasEnded(at: decider.now) }.map(\.reason)
        if let row = outcomes.first?.interaction {
            return Lifted(interaction: row, remaining: Suppression.Reason.allCases.filter(left.contains))
        }
        throw left.contains(reason) ? SuppressionError.keptForErased : .notSuppressed(reason)
    }
}
