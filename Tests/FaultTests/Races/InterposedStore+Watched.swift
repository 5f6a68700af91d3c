import RapportCore
import RapportLog
import RapportTestSupport

extension InterposedStore {
    /// The store as a dispatcher sees it, with what it promised and was asked written down.
    ///
    /// - Parameter linger: makes the moment between a claim and its handing off longer now and then: it is where an
    ///   opt-out comes between.
    static func watched(
        _ store: any Store, by recorder: RaceRecorder, linger: @escaping @Sendable () async -> Void
    ) -> InterposedStore {
        var watched = InterposedStore(store)
        watched.afterClaim = { query, claimed in
            for dispatch in claimed {
                recorder.note(.claimed(.init(dispatch.id, by: query.node), .init(dispatch, at: query.now)))
            }
        }
        watched.beforeHandOff = { ids, node in
            await linger()
            recorder.note(.handingOff(ids.map { .init($0, by: node) }))
        }
        return watched
    }
}

extension RaceRecorder.Claim {
    fileprivate init(_ dispatch: ClaimedDispatch, at now: Timestamp) {
        let candidate = dispatch.candidate
        let plan = candidate.plan
        self.init(
            customer: candidate.customer.id, household: candidate.customer.profile.household,
            campaign: plan.campaign?.name ?? "", occurrence: plan.campaign?.occurrence, topic: plan.topic,
            offer: plan.offer, content: plan.content, route: dispatch.route, at: now)
    }
}
