import RapportCore
import Testing

@testable import RapportPolicy

@Suite("How far back a policy looks")
struct LookbackTests {
    private let now = Samples.instant("2026-06-15T04:00:00Z")

    @Test("what lies beyond changes no decision, then or later", arguments: PropertyTests.seeds)
    func beyond(seed: UInt64) throws {
        let scenario = try Scenario(seed: seed)
        let (policy, request) = (scenario.policy, scenario.request)
        var facts = scenario.facts
        let lookback = policy.lookback(from: scenario.now)
        facts.dispatches.removeAll { !lookback.includes($0, facts.customer, request) }
        var random = SeededGenerator(seed: seed)
        for later in [0] + (0..<5).map({ _ in Int64.random(in: 0...8000, using: &random) * 60 }) {
            let instant = scenario.now.adding(seconds: later)
            #expect(
                policy.evaluate(request, facts, now: instant)
                    == policy.evaluate(request, scenario.facts, now: instant), "\(scenario.description)")
        }
    }

    @Test("there is something beyond in many of them")
    func spread() throws {
        let counts = try PropertyTests.seeds.map { seed in
            let scenario = try Scenario(seed: seed)
            let lookback = scenario.policy.lookback(from: scenario.now)
            return scenario.facts.dispatches.count {
                !lookback.includes($0, scenario.facts.customer, scenario.request)
            }
        }
        #expect(counts.count { $0 > 0 } > 100)
    }

    @Test(
        "is the longest window, a household's only where a rule is about households",
        arguments: [
            ("openCase: { kinds: [complaint] }", nil, nil, false),
            ("cap: { max: 3, per: 7d, scope: customer }", 7, nil, false),
            ("cap: { max: 3, per: month, scope: address }", 40, nil, false),
            ("gap: { min: 48h, scope: household }", nil, 2, false),
            ("duplicate: { same: content, per: household, within: 90d }", nil, nil, true),
        ] as [(String, Int64?, Int64?, Bool)])
    func windows(rule: String, own: Int64?, household: Int64?, isSame: Bool) throws {
        func start(_ days: Int64?) -> Timestamp? { days.map { now.adding(seconds: -86400 * $0) } }
        let lookback = try Samples.policy(rule).lookback(from: now)
        // The campaign is compared whatever the file says.
        #expect(lookback.own == Lookback.Window(after: start(own), includesSame: true))
        #expect(lookback.household == Lookback.Window(after: start(household), includesSame: isSame))
    }
}

extension Lookback {
    /// Whether what a store leaves out would leave this out, for this request.
    fileprivate func includes(
        _ dispatch: ContactFacts.Dispatch, _ customer: ContactFacts.Person, _ request: ContactRequest
    ) -> Bool {
        let isSame =
            request.campaign != nil && dispatch.campaign == request.campaign
            && dispatch.occurrence == request.occurrence
            || request.content != nil && dispatch.content == request.content
            || request.offer != nil && dispatch.offer == request.offer
        func includes(_ window: Window) -> Bool {
            window.after.map { dispatch.at > $0 } ?? false || window.includesSame && isSame
        }
        let isOwn = dispatch.customer == customer.id || dispatch.address == request.address
        let isHouseholds = customer.household != nil && dispatch.household == customer.household
        return isOwn && includes(own) || isHouseholds && includes(household)
    }
}
