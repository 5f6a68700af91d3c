package import RapportCore

/// The way into the log: the only one.
package protocol IntakeStoring: Sendable {
    /// Appends what is decided of a batch, applies the effects, and returns when all of it is synced to disk; one
    /// transaction, so that either everything happened or nothing did.
    ///
    /// The store finds the items that are repetitions, in the log or earlier in the same batch, and has the others decided.
    ///
    /// - Parameters:
    ///   - limit: about how many items the batch has at most.
    ///   - gather: called once inside the transaction, as its first step, so that whatever comes until then can be in the
    ///     batch; not called where no transaction begins.
    /// - Returns: one outcome for each item, in order; none at all when `decide` refused the batch. A repetition's outcome
    ///   names the interaction that is in the log.
    /// - Throws: `StoreError` when nothing was changed.
    func commit(
        upTo limit: Int, gathering gather: @escaping @Sendable () -> IntakeBatch
    ) async throws(StoreError) -> [IntakeOutcome]

    /// Receipts that came before the id they name was known, and whose id is known now.
    func matchedReceipts(limit: Int) async throws(StoreError) -> [MatchedReceipt]
}

extension IntakeStoring {
    /// Commits a batch that is known beforehand.
    package func commit(
        _ batch: [IntakeItem], query: IntakeQuery, decide: @escaping IntakeBatch.Decide
    ) async throws(StoreError) -> [IntakeOutcome] {
        guard !batch.isEmpty else { return [] }
        return try await commit(upTo: batch.count) { IntakeBatch(items: batch, query: query, decide: decide) }
    }
}

/// Items that come into the log together.
package struct IntakeBatch: Sendable {
    /// Called with the indices of the new items in order and the facts about them. It must be pure: an engine may call it
    /// again when the transaction has to be repeated. One decision for each new item, in order; none at all refuses the
    /// batch, of which nothing is written then.
    package typealias Decide = @Sendable (_ new: [Int], _ facts: inout IntakeFacts) -> [IntakeDecision]

    package var items: [IntakeItem]
    package var query: IntakeQuery
    package var decide: Decide

    package init(items: [IntakeItem], query: IntakeQuery, decide: @escaping Decide) {
        self.items = items
        self.query = query
        self.decide = decide
    }
}

package struct IntakeQuery: Hashable, Sendable {
    package var recordedAt: Timestamp
    /// How far back `IntakeFacts.recentCampaigns` looks.
    package var campaignsSince: Timestamp

    package init(recordedAt: Timestamp, campaignsSince: Timestamp) {
        self.recordedAt = recordedAt
        self.campaignsSince = campaignsSince
    }
}

/// What one new item becomes in the log.
package struct IntakeDecision: Hashable, Sendable {
    /// At least one; the first is the event itself, the others are the hub's own notes about it. Ids are the positions
    /// taken from `IntakeFacts.takePosition()`, in this order over the whole batch.
    package var interactions: [Interaction]
    /// Set when the event is a receipt about an id that nobody knows yet; it is parked under this name.
    package var parkedUnder: DispatchReference?
    /// Set when the event applies a parked receipt, which is then forgotten.
    package var unparks: InteractionID?

    package init(
        interactions: [Interaction], parkedUnder: DispatchReference? = nil, unparks: InteractionID? = nil
    ) {
        self.interactions = interactions
        self.parkedUnder = parkedUnder
        self.unparks = unparks
    }
}

package struct IntakeOutcome: Hashable, Sendable {
    package var interaction: InteractionID
    package var customer: CustomerID?
    package var isRepetition: Bool

    package init(interaction: InteractionID, customer: CustomerID?, isRepetition: Bool) {
        self.interaction = interaction
        self.customer = customer
        self.isRepetition = isRepetition
    }
}

/// A parked receipt and the dispatch it turned out to be about.
package struct MatchedReceipt: Hashable, Sendable {
    /// The row as it was appended; its `attributes["outcome"]` says what it reported.
    package var receipt: Interaction
    package var dispatch: DispatchSummary

    package init(receipt: Interaction, dispatch: DispatchSummary) {
        self.receipt = receipt
        self.dispatch = dispatch
    }
}
