package import RapportCore

/// Which dispatches a worker would like to have.
package struct ClaimQuery: Hashable, Sendable {
    package var now: Timestamp
    package var limit: Int
    /// Whose claims these will be.
    package var node: Int64
    /// Only dispatches of campaigns that are sending, and single messages, are ever offered; of these no more than so many,
    /// because their throttle has no more room now. What is not offered is not written to, however many rows wait.
    package var limits: [CampaignLane: Int]
    /// Adapters that can take nothing now; a dispatch whose current route is over one of them is left out.
    package var withoutAdapters: Set<String>
    /// The adapters that there are; `nil`: all that are named. What waits for another, because the configuration has it no
    /// more, nearly always only expires or is forbidden: beyond the limit no more than `mostForOthers` of it are offered,
    /// the last.
    package var adapters: Set<String>?
    /// Which dispatches of the past `decide` looks at; the candidates' facts may leave the others out.
    package var lookback: Lookback

    /// How many dispatches for adapters that are not there one claim offers, so that they cost next to nothing however
    /// many there are.
    package static let mostForOthers = 16

    package init(
        now: Timestamp, limit: Int, node: Int64, limits: [CampaignLane: Int] = [:],
        withoutAdapters: Set<String> = [], adapters: Set<String>? = nil, lookback: Lookback = .everything
    ) {
        self.now = now
        self.limit = limit
        self.node = node
        self.limits = limits
        self.withoutAdapters = withoutAdapters
        self.adapters = adapters
        self.lookback = lookback
    }
}

/// The dispatches of a campaign that are to go over one adapter.
package struct CampaignLane: Hashable, Sendable {
    package var campaign: CampaignKey
    package var adapter: String

    package init(campaign: CampaignKey, adapter: String) {
        self.campaign = campaign
        self.adapter = adapter
    }
}

/// A due dispatch, with everything that a verdict needs, as it is in the transaction that claims it.
///
/// A reference, because it is large and passes through many hands.
package final class ClaimCandidate: Sendable {
    package let id: DispatchID
    /// The customer as they are now; merged ones replaced by the one that stands for them. Without their addresses: where
    /// the message may go is in the plan, but for `lostRoutes`.
    package let customer: Customer
    package let plan: DispatchPlan
    /// The route that it takes now. What has left before is not tried over the ones before it, which failed for good.
    package let routeIndex: Int
    /// Of the plan's routes, by index, those to addresses that neither the customer nor anybody merged into them has any
    /// more, after an unmerge: they are somebody else's mailbox now.
    package let lostRoutes: Set<Int>
    /// How many times it was handed off before.
    package let attempts: Int
    /// Whether one of those times it may have arrived. That it failed now does not say that nobody has it.
    package let mayHaveArrived: Bool
    /// Covers every route's address: consents and suppressions of all of them, dispatches of the customer, of those
    /// addresses and of the household. Does not hold this dispatch itself.
    package let facts: ContactFacts

    package init(
        id: DispatchID, customer: Customer, plan: DispatchPlan, routeIndex: Int, lostRoutes: Set<Int> = [],
        attempts: Int = 0, mayHaveArrived: Bool = false, facts: ContactFacts
    ) {
        self.id = id
        self.customer = customer
        self.plan = plan
        self.routeIndex = routeIndex
        self.lostRoutes = lostRoutes
        self.attempts = attempts
        self.mayHaveArrived = mayHaveArrived
        self.facts = facts
    }

    /// The first of the routes that it may take: what has never left may take all of them, also one that was forbidden when
    /// it was turned to another.
    package var firstRoute: Int { attempts == 0 ? 0 : routeIndex }
}

/// What becomes of a candidate; written in the same transaction.
package enum ClaimDecision: Hashable, Sendable {
    /// Reserved: from now on it counts against caps and duplicates.
    case claim(routeIndex: Int, policyVersion: String)
    case `defer`(until: Timestamp, rule: String, evidence: [String], policyVersion: String)
    case skip(rule: String, evidence: [String], policyVersion: String)
    /// Stays as it is and is not offered again before this instant: a throttle is full.
    case leave(until: Timestamp)
    /// The same, but it takes another route, whose adapter is not there, and waits with what else waits for that.
    case turn(routeIndex: Int, until: Timestamp)
}

/// A dispatch that this node has claimed and must hand off, record or release.
///
/// A reference: it passes unchanged through half a dozen tasks until its result is written.
package final class ClaimedDispatch: Sendable {
    package let candidate: ClaimCandidate
    package let routeIndex: Int

    package var id: DispatchID { candidate.id }
    package var route: Route { candidate.plan.routes[routeIndex] }
    package var adapter: String { candidate.plan.routes[routeIndex].adapter }

    package init(candidate: ClaimCandidate, routeIndex: Int) {
        self.candidate = candidate
        self.routeIndex = routeIndex
    }
}
