import RapportCore
import RapportLog

/// What earlier candidates of the same decision were allowed, as facts for the later ones.
struct Reservations {
    /// Whether the policy looks at households. What those of one are allowed mounts up only where it doesn't.
    let countsHouseholds: Bool
    private var byCustomer: [String: [ContactFacts.Dispatch]] = [:]
    private var byAddress: [Address: [ContactFacts.Dispatch]] = [:]
    private var byHousehold: [String: [ContactFacts.Dispatch]] = [:]

    init(countsHouseholds: Bool) {
        self.countsHouseholds = countsHouseholds
    }

    mutating func add(_ candidate: ClaimCandidate, route: Route, at now: Timestamp) {
        let plan = candidate.plan
        let dispatch = ContactFacts.Dispatch(
            id: candidate.id.description, customer: candidate.facts.customer.id, address: route.address,
            household: candidate.facts.customer.household, channel: route.channel, messageClass: plan.messageClass,
            topic: plan.topic, campaign: plan.campaign?.name, occurrence: plan.campaign?.occurrence, offer: plan.offer,
            content: plan.content, state: .claimed, at: now)
        byCustomer[dispatch.customer, default: []].append(dispatch)
        byAddress[dispatch.address, default: []].append(dispatch)
        if countsHouseholds, let household = dispatch.household {
            byHousehold[household, default: []].append(dispatch)
        }
    }

    func added(to facts: ContactFacts, routes: [Route]) -> ContactFacts {
        var more = byCustomer[facts.customer.id] ?? []
        for route in routes { more += byAddress[route.address] ?? [] }
        if let household = facts.customer.household { more += byHousehold[household] ?? [] }
        guard !more.isEmpty else { return facts }
        var facts = facts
        // One that waited to be repeated is among the facts as of its try before; it leaves now.
        var seen: Set<String> = []
        more = more.filter { seen.insert($0.id).inserted }
        facts.dispatches.removeAll { seen.contains($0.id) }
        facts.dispatches += more
        return facts
    }
}
