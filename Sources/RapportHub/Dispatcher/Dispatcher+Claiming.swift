import Logging
import RapportChannels
import RapportCore
import RapportLog
import Synchronization

extension Dispatcher {
    /// So many of a throttled campaign are judged together, also where fewer may leave: what the policy puts off or forbids
    /// takes no room, and a commit for each would take all night.
    private static let leastOffer = 32

    /// Claims as many due dispatches as the adapters can take now.
    func claim(_ slots: [String: Int]) async throws(StoreError) -> [ClaimedDispatch] {
        let now = clock()
        try await campaigns.learn(at: now)
        let start = ClaimDecider(
            policy: policy.current, now: now, slots: slots, buckets: buckets.withLock { $0 },
            throttles: campaigns.throttles, inHand: flight.inHand)
        let query = ClaimQuery(
            now: now, limit: min(settings.batch, slots.values.reduce(0, +)), node: node,
            limits: throttled(at: now).mapValues { $0.later == nil ? max($0.count, Self.leastOffer) : 0 },
            withoutAdapters: Set(slots.filter { $0.value == 0 }.keys), adapters: Set(slots.keys),
            lookback: start.lookback)
        let claimed = try await store.claim(query) { candidates in
            var decider = start
            return decider.decide(candidates)
        }
        for (adapter, dispatches) in Dictionary(grouping: claimed, by: \.adapter) {
            flight.claimed(dispatches.map(\.id), over: adapter, at: now)
        }
        charge(claimed, at: now)
        return claimed
    }

    /// How much the throttles leave to campaigns over adapters, and when more where they leave nothing.
    func throttled(at now: Timestamp) -> [CampaignLane: (count: Int, later: Timestamp?)] {
        var rooms: [CampaignLane: (count: Int, later: Timestamp?)] = [:]
        let buckets = buckets.withLock { $0 }
        for (campaign, throttle) in campaigns.throttles {
            guard let perMinute = throttle.perMinute else { continue }
            for adapter in adapters.keys {
                let lane = CampaignLane(campaign: campaign, adapter: adapter)
                rooms[lane] = buckets.room((ClaimDecider.key(of: lane), perMinute), at: now)
            }
        }
        return rooms
    }

    /// Takes from the rate limits what was really claimed.
    private func charge(_ claimed: [ClaimedDispatch], at now: Timestamp) {
        let throttles = campaigns.throttles
        buckets.withLock { buckets in
            for dispatch in claimed {
                let limits = ClaimDecider.limits(
                    of: dispatch.candidate.plan, route: dispatch.route, throttles: throttles)
                _ = buckets.take(limits, at: now)
            }
            if buckets.count > 10_000 { buckets.prune(at: now) }
        }
    }

    /// A verdict that had to wait for room in the air longer than this is asked for again: it may be night by now.
    private static let verdictMilliseconds: Int64 = 1000

    /// Renders what was claimed over one adapter and lets it leave, as there is room in the air.
    func handOff(_ claimed: [ClaimedDispatch]) async {
        var rest = await rendered(claimed)
        guard let first = rest.dispatches.first, let adapter = adapters[first.adapter] else {
            return giveBack(rest.dispatches)
        }
        let asked = clock()
        await withDiscardingTaskGroup { leaving in
            while !rest.isEmpty {
                let count = await flight.takeOff(rest.dispatches.map(\.id), over: adapter.name, at: clock())
                guard count > 0, (0...Self.verdictMilliseconds).contains(clock().milliseconds - asked.milliseconds)
                else { return giveBack(rest.dispatches) }
                let part = rest.removeFirst(count)
                leaving.addTask { await self.leave(part, over: adapter) }
            }
        }
    }

    /// Commits the intent, and only then lets messages go.
    private func leave(_ ready: ReadyMessages, over adapter: any OutboundAdapter) async {
        do throws(StoreError) {
            let allowed = try await store.handOff(ready.dispatches.map(\.id), node: node, at: clock())
            var leaving = ready
            if allowed.count < ready.dispatches.count {
                land(ready.dispatches.lazy.filter { !allowed.contains($0.id) })
                leaving = ready.filter { allowed.contains($0.id) }
            }
            let dispatches = leaving.dispatches
            let subjects = leaving.messages.map(\.subject)
            await adapter.send(leaving.messages) { [outcomes] index, result in
                let ending: SendOutcome.Ending =
                    switch result {
                    case .success(let receipt): .sent(receipt)
                    case .failure(let error): .refused(error)
                    }
                outcomes.post(SendOutcome(claimed: dispatches[index], subject: subjects[index], ending: ending))
            }
        } catch {
            logger.error("handing off failed", metadata: ["error": "\(error)"])
            giveBack(ready.dispatches)
        }
    }

    /// Their place is free for others.
    func land(_ dispatches: some Sequence<ClaimedDispatch>) {
        let now = clock()
        for (adapter, dispatches) in Dictionary(grouping: dispatches, by: \.adapter) {
            flight.land(dispatches.map(\.id), over: adapter, at: now)
        }
    }

    /// They are planned again as they were.
    private func giveBack(_ dispatches: [ClaimedDispatch]) {
        for dispatch in dispatches {
            outcomes.post(SendOutcome(claimed: dispatch, ending: .released))
        }
    }

    private func rendered(_ claimed: [ClaimedDispatch]) async -> ReadyMessages {
        var ready = ReadyMessages()
        for dispatch in claimed {
            do {
                ready.append(dispatch, try await render(dispatch))
            } catch let error as RenderError {
                outcomes.post(SendOutcome(claimed: dispatch, ending: .unrenderable(error)))
            } catch {
                logger.error("rendering failed", metadata: ["dispatch": "\(dispatch.id)", "error": "\(error)"])
                giveBack([dispatch])
            }
        }
        return ready
    }

    private func render(_ dispatch: ClaimedDispatch) async throws -> OutboundMessage {
        guard let key = dispatch.candidate.plan.campaign else {
            return try renderer.render(dispatch, templates: nil)
        }
        guard let campaign = try await campaigns.entry(key) else { throw RenderError.damaged }
        return try renderer.render(dispatch, templates: campaign.templates)
    }
}

extension OutboundMessage {
    fileprivate var subject: String? {
        if case .email(let content) = content { content.subject } else { nil }
    }
}
