import RapportCore
import RapportLog

/// What earlier candidates of the same decision were allowed, as facts for the later ones.
struct Reservations {
    /// Whether the policy looks at households. What those of one are allowed mounts up only where it doesn't.
    let countsHouseholds: Bool
    private var dispatches: [ContactFacts.Dispatch] = []
    /// The places of those that count for somebody.
    private var byCustomer: [String: [Int]] = [:]
    private var byAddress: [Address: [Int]] = [:]
    private var byHousehold: [String: [Int]] = [:]

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
        let place = dispatches.count
        dispatches.append(dispatch)
        byCustomer[dispatch.customer, default: []].append(place)
        byAddress[dispatch.address, default: []].append(place)
        if countsHouseholds, let household = dispatch.household { byHousehold[household, default: []].append(place) }
    }

    func added(to facts: ContactFacts, routes: [Route]) -> ContactFacts {
        var places = byCustomer[facts.customer.id] ?? []
        for route in routes { places += byAddress[route.address] ?? [] }
        if let household = facts.customer.household { places += byHousehold[household] ?? [] }
        guard !places.isEmpty else { return facts }
        let more = Set(places).sorted().map { dispatches[$0] }
        var facts = facts
        // One that waited to be repeated is among the facts as of its try before; it leaves now.
        let leaving = Set(more.map(\.id))
        facts.dispatches.removeAll { leaving.contains($0.id) }
        facts.dispatches += more
        return facts
    }
}
