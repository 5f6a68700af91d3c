import RapportChannels
package import RapportCore
package import RapportLog
import RapportPolicy

/// Judges due dispatches one after the other. Pure: works on copies, so that a transaction can be repeated.
///
/// What it allows is added to the facts of the candidates after it, so that two dispatches of one batch can't both take a
/// customer's last slot.
struct ClaimDecider {
    let policy: ContactPolicy
    /// A preview moves it on, to the turn of one that waits.
    var now: Timestamp
    /// How many sends each adapter can still take. What needs an adapter that is not there any more waits out of the way.
    var slots: [String: Int]
    var buckets: RateBuckets
    /// Of the campaigns that are known. What belongs to another waits until it is, so that no throttle is overlooked.
    var throttles: [CampaignKey: ThrottleSettings]
    /// What this hub has claimed and not finished with. A row that was taken back from under such a claim must not be
    /// claimed again meanwhile: the earlier message would leave on the later verdict, over a route that it may forbid.
    var inHand: Set<DispatchID>
    /// Which dispatches of the past it looks at.
    let lookback: Lookback
    private var reserved: Reservations

    init(
        policy: ContactPolicy, now: Timestamp, slots: [String: Int] = [:], buckets: RateBuckets = RateBuckets(),
        throttles: [CampaignKey: ThrottleSettings] = [:], inHand: Set<DispatchID> = []
    ) {
        self.policy = policy
        self.now = now
        self.slots = slots
        self.buckets = buckets
        self.throttles = throttles
        self.inHand = inHand
        lookback = policy.lookback(from: now)
        reserved = Reservations(countsHouseholds: !lookback.household.isEmpty)
    }

    mutating func decide(_ candidates: [ClaimCandidate]) -> [ClaimDecision] {
        candidates.map { decide($0) }
    }

    private mutating func decide(_ candidate: ClaimCandidate) -> ClaimDecision {
        if inHand.contains(candidate.id) { return .leave(until: now.adding(milliseconds: 100)) }
        let judgement = judge(candidate)
        guard case .claim(let index, _) = judgement else { return judgement }
        let route = candidate.plan.routes[index]
        if let campaign = candidate.plan.campaign, throttles[campaign] == nil {
            return .leave(until: now.adding(seconds: 1))
        }
        guard let free = slots[route.adapter] else {
            // Left among what waits for an adapter that is there, it would be judged and written each minute.
            let later = now.adding(seconds: 60)
            let turns = candidate.attempts == 0 && index != candidate.routeIndex
            return turns ? .turn(routeIndex: index, until: later) : .leave(until: later)
        }
        guard free > 0 else { return .leave(until: now) }
        if let later = buckets.take(
            Self.limits(of: candidate.plan, route: route, throttles: throttles), at: now)
        {
            return .leave(until: later)
        }
        slots[route.adapter] = free - 1
        reserved.add(candidate, route: route, at: now)
        return judgement
    }

    /// The verdict alone: the first route that may be used now. A route that has to wait is waited for; one that is
    /// forbidden, or leads to an address that is not the customer's any more, gives way to the next.
    mutating func judge(_ candidate: ClaimCandidate) -> ClaimDecision {
        let plan = candidate.plan
        let facts = reserved.added(to: candidate.facts, routes: plan.routes).happened(by: now)
        var firstRefusal: ClaimDecision?
        for index in candidate.firstRoute..<plan.routes.count where !candidate.lostRoutes.contains(index) {
            let request = plan.request(over: plan.routes[index])
            // Nobody asks why something may be sent, and most may: the reasons are gathered only for what may not.
            if policy.verdict(request, facts, now: now) == .send {
                return .claim(routeIndex: index, policyVersion: policy.version)
            }
            let decision = policy.evaluate(request, facts, now: now)
            switch decision.verdict {
            case .send:
                return .claim(routeIndex: index, policyVersion: decision.policyVersion)
            case .defer(let until, let rule):
                return .defer(
                    until: until, rule: rule.rawValue, evidence: decision.evidence,
                    policyVersion: decision.policyVersion)
            case .skip(let rule):
                firstRefusal =
                    firstRefusal
                    ?? .skip(rule: rule.rawValue, evidence: decision.evidence, policyVersion: decision.policyVersion)
            }
        }
        return firstRefusal ?? .skip(rule: "no-route", evidence: [], policyVersion: policy.version)
    }

    /// The routes that the policy does not forbid: those that a message may take now or later. For previews.
    func openRoutes(of candidate: ClaimCandidate) -> [Int] {
        let plan = candidate.plan
        let facts = reserved.added(to: candidate.facts, routes: plan.routes).happened(by: now)
        return (candidate.firstRoute..<plan.routes.count).filter { index in
            if candidate.lostRoutes.contains(index) { return false }
            if case .skip = policy.verdict(plan.request(over: plan.routes[index]), facts, now: now) { return false }
            return true
        }
    }

    /// Reserves without a limit or a slot: for previews.
    mutating func reserve(_ candidate: ClaimCandidate, routeIndex: Int) {
        reserved.add(candidate, route: candidate.plan.routes[routeIndex], at: now)
    }

    /// What a throttle's bucket is called.
    static func key(of lane: CampaignLane) -> String { "\(lane.campaign)/\(lane.adapter)" }

    static func limits(
        of plan: DispatchPlan, route: Route, throttles: [CampaignKey: ThrottleSettings]
    ) -> [(key: String, perMinute: Int)] {
        guard let campaign = plan.campaign, let throttle = throttles[campaign] else { return [] }
        var limits: [(key: String, perMinute: Int)] = []
        if let perMinute = throttle.perMinute {
            limits.append((key(of: CampaignLane(campaign: campaign, adapter: route.adapter)), perMinute))
        }
        if let perMinute = throttle.perDomainPerMinute, let domain = route.address.domain {
            limits.append(("\(campaign)@\(domain)", perMinute))
        }
        return limits
    }
}

extension DispatchPlan {
    /// What the policy is asked when this goes over that route.
    package func request(over route: Route) -> ContactRequest {
        ContactRequest(
            messageClass: messageClass, topic: topic, channel: route.channel, address: route.address,
            campaign: campaign?.name, occurrence: campaign?.occurrence, offer: offer, content: content,
            expiresAt: expiresAt)
    }
}
