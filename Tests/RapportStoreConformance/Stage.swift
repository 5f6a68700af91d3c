import RapportCore
import RapportLog

/// A store and the short ways of putting something into it.
struct Stage: Sendable {
    static let start = Timestamp(seconds: 1_790_000_000)

    let store: any Store
    let place: any StorePlace

    var now: Timestamp { Self.start }

    static func address(_ uri: String) -> Address {
        guard let address = Address(normalized: uri) else { preconditionFailure("not an address") }
        return address
    }

    static func key(_ number: UInt64, window: Int64? = nil) -> RepetitionKey {
        RepetitionKey(high: number &* 0x9E37_79B9_7F4A_7C15, low: number, windowSeconds: window)
    }

    func query(at now: Timestamp = start) -> IntakeQuery {
        IntakeQuery(recordedAt: now, campaignsSince: now.adding(seconds: -86_400 * 30))
    }

    /// A row as an adapter would make it.
    static func row(
        _ position: Int64, customer: CustomerID? = nil, kind: InteractionKind = .messageReceived,
        at: Timestamp = start, from: String? = nil, text: String? = nil, direction: Direction = .inbound,
        effects: [Effect] = []
    ) -> Interaction {
        Interaction(
            id: InteractionID(position), customer: customer, channel: .email, adapter: "mail", direction: direction,
            kind: kind, occurredAt: at, recordedAt: at, from: from, text: text, effects: effects)
    }

    /// Appends one row about a customer; its effects may need its position.
    @discardableResult
    func append(
        _ customer: CustomerID? = nil, at: Timestamp = start, from: String? = nil, text: String? = nil,
        kind: InteractionKind = .messageReceived, direction: Direction = .inbound,
        effects: @escaping @Sendable (_ position: Int64) -> [Effect] = { _ in [] }
    ) async throws -> InteractionID {
        let outcomes = try await store.commit([IntakeItem(key: nil)], query: query(at: at)) { _, facts in
            let position = facts.takePosition()
            return [
                IntakeDecision(interactions: [
                    Self.row(
                        position, customer: customer, kind: kind, at: at, from: from, text: text,
                        direction: direction, effects: effects(position))
                ])
            ]
        }
        return outcomes[0].interaction
    }

    /// Makes a customer with these addresses.
    func customer(
        _ uris: String..., profile: Customer.Profile = Customer.Profile()
    ) async throws -> CustomerID {
        let outcomes = try await store.commit([IntakeItem(key: nil)], query: query()) { _, facts in
            let position = facts.takePosition()
            let id = CustomerID(position)
            let effects =
                [Effect.customerCreated(id), .profileSet(id, profile)]
                + uris.map { .addressAttached(id, Self.address($0)) }
            return [
                IntakeDecision(interactions: [
                    Self.row(position, customer: id, kind: .customerImported, effects: effects)
                ])
            ]
        }
        return CustomerID(outcomes[0].interaction.number)
    }

    /// Adds a campaign and lets it send.
    func campaign(_ name: String, occurrence: String? = nil, sends: Bool = true) async throws -> CampaignKey {
        let key = CampaignKey(name: name, occurrence: occurrence)
        _ = try await store.create(
            CampaignRecord(
                key: key, state: .planning, messageClass: .marketing, topic: "news", definition: "{}", createdAt: now))
        if sends { _ = try await store.move(key, from: [.planning], to: .sending, note: nil, at: now) }
        return key
    }

    func plan(
        _ customer: CustomerID, to uri: String, campaign: CampaignKey? = nil, messageClass: MessageClass = .marketing,
        dueAt: Timestamp = start, repeats: Bool = false, adapter: String = "mail", key: String? = nil
    ) async throws -> DispatchID {
        let plan = DispatchPlan(
            customer: customer, campaign: campaign, key: key, messageClass: messageClass, topic: "news",
            offer: "o1", content: "c1",
            routes: [
                Route(channel: .email, adapter: adapter, address: Self.address(uri)),
                Route(channel: .sms, adapter: "texts", address: Self.address("tel:+8613800138000")),
            ], variables: ["name": "Ana"], dueAt: dueAt, repeats: repeats)
        return try await store.plan([plan], at: now)[0].id
    }

    /// Claims everything that is due, over each candidate's current route.
    @discardableResult
    func claimAll(
        node: Int64 = 1, at: Timestamp = start, limit: Int = 100, on store: (any Store)? = nil
    ) async throws -> [ClaimedDispatch] {
        try await (store ?? self.store).claim(ClaimQuery(now: at, limit: limit, node: node)) { candidates in
            candidates.map { .claim(routeIndex: $0.routeIndex, policyVersion: "p1") }
        }
    }

    /// A dispatch that has been handed off.
    func handedOff(
        _ customer: CustomerID, to uri: String, campaign: CampaignKey? = nil, repeats: Bool = false
    ) async throws -> DispatchID {
        let id = try await plan(customer, to: uri, campaign: campaign, repeats: repeats)
        try await claimAll()
        _ = try await store.handOff([id], node: 1, at: now)
        return id
    }

    func record(
        _ id: DispatchID, _ outcome: DispatchResult.Outcome, node: Int64 = 1, at: Timestamp = start
    ) async throws {
        let effects: [Effect] =
            switch outcome {
            case .sent(let state, _): [.dispatchAdvanced(id, state)]
            case .failed: [.dispatchAdvanced(id, .failed)]
            case .unknown, .repeat: [.dispatchAdvanced(id, .unknown)]
            case .retry, .fallBack, .released: []
            }
        let result = DispatchResult(id: id, outcome: outcome, detail: "said so")
        try await store.record([result], node: node, at: at) { position in
            [Self.row(position, kind: .messageSent, at: at, effects: effects)]
        }
    }

    func state(of id: DispatchID) async throws -> DispatchState? {
        try await store.dispatch(id)?.state
    }

    /// The states of the dispatches that count for the contact policy.
    func counted(_ customer: CustomerID, _ uri: String) async throws -> [DispatchState] {
        let query = FactsQuery(customer: customer, addresses: [Self.address(uri)])
        return try await store.facts([query], lookback: .everything)[0].dispatches.map(\.state)
    }

    func differences() async throws -> [ProjectionDifference] {
        try await store.verifyProjections { _, _ in }
    }
}
