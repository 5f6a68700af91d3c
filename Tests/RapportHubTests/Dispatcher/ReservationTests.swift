import RapportCore
import RapportLog
import RapportPolicy
import Testing

@testable import RapportHub

@Suite("What earlier candidates were allowed")
struct ReservationTests {
    private let address = Address(normalized: "mailto:ana@example.com")

    private func candidate(_ number: Int64, _ dispatches: [ContactFacts.Dispatch] = []) throws -> ClaimCandidate {
        let address = try #require(address)
        let plan = DispatchPlan(
            customer: CustomerID(number), campaign: nil, messageClass: .marketing, topic: "news",
            routes: [Route(channel: .email, adapter: "mail", address: address)], dueAt: Timestamp(seconds: 0))
        return ClaimCandidate(
            id: DispatchID(number), customer: Customer(id: CustomerID(number)), plan: plan, routeIndex: 0,
            facts: ContactFacts(
                customer: ContactFacts.Person(id: "c\(number)", household: "h1"), dispatches: dispatches))
    }

    @Test("is dated by the try that is allowed now, also where the facts hold one before")
    func repeated() throws {
        var reserved = Reservations(countsHouseholds: true)
        let again = try candidate(1)
        let now = Timestamp(seconds: 3600)
        reserved.add(again, route: again.plan.routes[0], at: now)
        let before = ContactFacts.Dispatch(
            id: "d1", customer: "c1", address: again.plan.routes[0].address, household: "h1", channel: .email,
            messageClass: .marketing, topic: "news", state: .unknown, at: Timestamp(seconds: 0))
        let facts = reserved.added(to: try candidate(2, [before]).facts, routes: [])
        #expect(facts.dispatches.map(\.id) == ["d1"] && facts.dispatches.map(\.at) == [now])
    }

    @Test("is there once and whole, however many lead to it")
    func shared() throws {
        var reserved = Reservations(countsHouseholds: true)
        for number in [1, 2] as [Int64] {
            let candidate = try candidate(number)
            reserved.add(candidate, route: candidate.plan.routes[0], at: Timestamp(seconds: number))
        }
        // Of the customer, of the address, of the household, and of all three.
        let third = try candidate(3)
        #expect(reserved.added(to: third.facts, routes: third.plan.routes).dispatches.map(\.id) == ["d1", "d2"])
        var stranger = third.facts
        stranger.customer.household = nil
        #expect(reserved.added(to: stranger, routes: third.plan.routes).dispatches.map(\.id) == ["d1", "d2"])
        #expect(reserved.added(to: stranger, routes: []).dispatches.isEmpty)
        let second = try candidate(2)
        #expect(reserved.added(to: second.facts, routes: second.plan.routes).dispatches.map(\.id) == ["d1", "d2"])
    }

    @Test("is a household's only where the policy looks at households", arguments: [true, false])
    func households(areCounted: Bool) throws {
        var reserved = Reservations(countsHouseholds: areCounted)
        let first = try candidate(1)
        reserved.add(first, route: first.plan.routes[0], at: Timestamp(seconds: 0))
        let facts = reserved.added(to: try candidate(2).facts, routes: [])
        #expect(facts.dispatches.map(\.id) == (areCounted ? ["d1"] : []))
    }

    @Test(
        "counts for others of the household by their policy",
        arguments: [("household", ["claim", "defer"]), ("customer", ["claim", "claim"])])
    func policy(scope: String, expected: [String]) throws {
        let policy = try ContactPolicy(
            yaml: """
                timeZone: UTC
                topics: { news: { title: News, consent: none } }
                rules: [cap: { max: 1, per: 7d, scope: \(scope) }]
                """)
        var decider = ClaimDecider(policy: policy, now: Timestamp(seconds: 0), slots: ["mail": 9])
        let verdicts = decider.decide([try candidate(1), try candidate(2)]).map { decision in
            switch decision {
            case .claim: "claim"
            case .defer: "defer"
            default: "another"
            }
        }
        #expect(verdicts == expected)
    }
}
