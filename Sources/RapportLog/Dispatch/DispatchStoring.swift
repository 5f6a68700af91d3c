package import RapportCore

/// The rows that make sends exact. Every method is one transaction, synced before it returns.
package protocol DispatchStoring: Sendable {
    /// Adds planned rows. Those of a customer who was erased meanwhile are cancelled at once and keep nothing of the plan's
    /// words and addresses. A customer that already has a row for the same campaign and occurrence keeps that one, and so
    /// does a single message whose key is there already. One that answers a follow-up which is closed, or which another
    /// message answers that waits or is in hand, is not planned (`PlannedDispatch.obstacle`).
    ///
    /// - Parameter definition: what the campaign of these plans has to say, letter by letter; `nil`: not compared.
    /// - Returns: the ids in order, those of the rows that were there already among them. None at all, and nothing is
    ///   planned, when the campaign is over, because it was cancelled while it was being planned, or says something else.
    func plan(
        _ plans: [DispatchPlan], saying definition: String?, at now: Timestamp
    ) async throws(StoreError) -> [PlannedDispatch]

    /// Offers due dispatches (`planned` or `deferred`, due at or before `now`, of campaigns that are sending or of none)
    /// to `decide`, which returns one decision for each, in order, and writes those decisions.
    ///
    /// Ordered by class (transactional first), then by due time; after these a few of what waits for adapters that are not
    /// there. `decide` must be pure, because it may be called again
    /// when something has changed meanwhile, and must let a later candidate see what it decided for an earlier one. Two
    /// nodes never get the same dispatch. An index into `routes` in `.claim` and `.turn` becomes the row's current route.
    func claim(
        _ query: ClaimQuery, decide: @escaping @Sendable ([ClaimCandidate]) -> [ClaimDecision]
    ) async throws(StoreError) -> [ClaimedDispatch]

    /// Moves claimed rows of this node to `handedOff`, before anything of them goes to the network.
    ///
    /// - Returns: those that were moved. A row that is missing was taken back in the meantime, because an opt-out, a
    ///   suppression, an erasure or a cancellation of its campaign was committed after the claim: it must not be sent.
    func handOff(
        _ ids: [DispatchID], node: Int64, at now: Timestamp
    ) async throws(StoreError) -> Set<DispatchID>

    /// Writes results and appends the rows that tell of them.
    ///
    /// A result for a row that this node has not in hand any more changes nothing but joins its state
    /// (`DispatchState.joined(with:)`), as a receipt would: the answer may come after the receipt, and what was taken back
    /// from one node may be another's by now. A row that would wait again and whose customer was erased, or whose
    /// campaign was cancelled meanwhile, is cancelled.
    /// - Parameter rows: makes the interactions, given the position of the first; called inside the transaction. So that
    ///   the log explains every state, they hold a `.dispatchAdvanced` for each result that is sent, failed after handing
    ///   off, or unknown, and none for the others: a retry or a fall-back is not what became of the message.
    func record(
        _ results: [DispatchResult], node: Int64, at now: Timestamp,
        rows: @escaping @Sendable (_ firstPosition: Int64) -> [Interaction]
    ) async throws(StoreError)

    /// Gives back everything that this node has claimed and not handed off.
    func release(node: Int64, at now: Timestamp) async throws(StoreError) -> Int

    /// Settles what nodes that are gone had in hand: claimed rows are planned again, handed-off ones become `unknown`, and
    /// those of them that may repeat, and whose campaign was not cancelled, are planned again. Appends one
    /// `delivery.unknown` for each unknown row.
    ///
    /// - Parameter node: the asking node, whose own rows from before its start are settled too.
    func recover(node: Int64, at now: Timestamp) async throws(StoreError) -> Recovery

    /// A dispatch as it stands; `nil` for an unknown id.
    func dispatch(_ id: DispatchID) async throws(StoreError) -> DispatchRow?

    /// The single message that was planned under a key, as planning it again would find it; `nil`: none was.
    ///
    /// - Parameter digest: of the request (`DispatchPlan.digest`); `nil`: not compared.
    func planned(under key: String, digest: String?) async throws(StoreError) -> PlannedDispatch?

    /// The ways that a dispatch may take, in order; none for an unknown id, and for a customer who is erased.
    func routes(of id: DispatchID) async throws(StoreError) -> [Route]

    /// When the next dispatch falls due, those of these lanes aside; `nil` when none waits.
    ///
    /// - Parameter adapters: those that there are; what waits for others is left out. `nil`: all.
    func nextDue(without lanes: Set<CampaignLane>, adapters: Set<String>?) async throws(StoreError) -> Timestamp?

    /// The facts that a verdict about these requests would need now, outside any claim: for previews and explanations.
    ///
    /// - Parameter lookback: which dispatches they have to hold; others may be left out.
    func facts(_ queries: [FactsQuery], lookback: Lookback) async throws(StoreError) -> [ContactFacts]
}

extension DispatchStoring {
    package func plan(_ plans: [DispatchPlan], at now: Timestamp) async throws(StoreError) -> [PlannedDispatch] {
        try await plan(plans, saying: nil, at: now)
    }

    package func dispatch(under key: String) async throws(StoreError) -> DispatchID? {
        try await planned(under: key, digest: nil)?.id
    }

    package func nextDue(without lanes: Set<CampaignLane> = []) async throws(StoreError) -> Timestamp? {
        try await nextDue(without: lanes, adapters: nil)
    }
}

package struct FactsQuery: Hashable, Sendable {
    package var customer: CustomerID
    package var addresses: [Address]
    /// What is asked for, as far as dispatches can be the same as it.
    package var campaign: CampaignKey?
    package var content: String?
    package var offer: String?

    package init(
        customer: CustomerID, addresses: [Address], campaign: CampaignKey? = nil, content: String? = nil,
        offer: String? = nil
    ) {
        self.customer = customer
        self.addresses = addresses
        self.campaign = campaign
        self.content = content
        self.offer = offer
    }

    /// Whether this may go over any of its routes.
    package init(_ plan: DispatchPlan) {
        self.init(
            customer: plan.customer, addresses: plan.routes.map(\.address), campaign: plan.campaign,
            content: plan.content, offer: plan.offer)
    }
}

package struct PlannedDispatch: Hashable, Sendable {
    package var id: DispatchID
    /// There was a row already, and it was kept.
    package var isRepetition: Bool
    /// The row that was kept says something else (`DispatchPlan.digest`). Never so of one that was planned without a digest.
    package var isAnother: Bool
    /// Why nothing was planned; `id` is no dispatch's (0) then.
    package var obstacle: Obstacle?

    package enum Obstacle: Hashable, Sendable {
        /// The follow-up that it answers is closed.
        case closed(FollowUpID)
        /// Another message answers the same follow-up, and waits, is claimed or handed off.
        case answered(FollowUpID, by: DispatchID)
    }

    package init(id: DispatchID, isRepetition: Bool, isAnother: Bool = false) {
        self.id = id
        self.isRepetition = isRepetition
        self.isAnother = isAnother
    }

    package init(obstacle: Obstacle) {
        self.init(id: DispatchID(0), isRepetition: false)
        self.obstacle = obstacle
    }
}
