import RapportChannels
package import RapportCore
package import RapportLog

/// Applies receipts that came before the id they name was known: the gateway was faster than our own commit.
package struct ParkedReceipts: Sendable {
    private let store: any IntakeStoring
    private let clock: Clock

    package init(store: any IntakeStoring, clock: @escaping Clock) {
        self.store = store
        self.clock = clock
    }

    /// Applies all that can be applied now. Doing it twice, or dying in between, changes nothing more.
    ///
    /// - Returns: how many were applied.
    package func settle() async throws(StoreError) -> Int {
        var applied = 0
        while true {
            let matched = try await store.matchedReceipts(limit: 256)
            guard !matched.isEmpty else { return applied }
            let now = clock()
            let outcomes = try await store.commit(
                matched.map(Self.item), query: IntakeQuery(recordedAt: now, campaignsSince: now)
            ) { new, facts in
                new.map { Self.decide(matched[$0], at: now, facts: &facts) }
            }
            applied += outcomes.count { !$0.isRepetition }
            if matched.count < 256 { return applied }
        }
    }

    private static func item(_ matched: MatchedReceipt) -> IntakeItem {
        IntakeItem(key: nil, customer: matched.dispatch.customer, dispatch: .dispatch(matched.dispatch.id))
    }

    private static func decide(
        _ matched: MatchedReceipt, at now: Timestamp, facts: inout IntakeFacts
    ) -> IntakeDecision {
        let receipt = matched.receipt
        let dispatch = facts.dispatches[.dispatch(matched.dispatch.id)] ?? matched.dispatch
        let position = facts.takePosition()
        let outcome = receipt.attributes["outcome"].flatMap(DeliveryReport.Outcome.init(rawValue:)) ?? .unknown
        var attributes = receipt.attributes
        attributes["applies"] = receipt.id.description
        // Only what names a provider's id is parked.
        let tried = ReportedTry(of: dispatch, route: nil, over: receipt.channel, naming: nil, isProviders: true)
        attributes["try"] = tried.word
        let row = Interaction(
            id: InteractionID(position), customer: dispatch.customer, channel: receipt.channel,
            adapter: receipt.adapter, direction: .internal, kind: receipt.kind, occurredAt: receipt.occurredAt,
            recordedAt: now, attributes: attributes,
            references: Interaction.References(
                campaign: dispatch.campaign, occurrence: dispatch.occurrence, dispatch: dispatch.id,
                inReplyTo: receipt.id),
            effects: DeliveryEffects.of(
                outcome, addressIsBad: receipt.attributes["address"] == "bad", tried: tried, dispatch: dispatch,
                at: receipt.occurredAt, suppressionID: EntryID(position: position)))
        return IntakeDecision(interactions: [row], unparks: receipt.id)
    }
}
