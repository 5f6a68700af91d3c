import Logging
import RapportChannels
import RapportCore
import RapportLog
import Synchronization

extension Dispatcher {
    /// Claims as many due dispatches as the adapters can take now.
    func claim(_ slots: [String: Int]) async throws(StoreError) -> [ClaimedDispatch] {
        let now = clock()
        try await campaigns.learn(at: now)
        let query = ClaimQuery(
            now: now, limit: min(settings.batch, slots.values.reduce(0, +)), node: node,
            withoutAdapters: Set(slots.filter { $0.value == 0 }.keys))
        let start = ClaimDecider(
            policy: policy.current, now: now, slots: slots, buckets: buckets.withLock { $0 },
            throttles: campaigns.throttles, inHand: flight.inHand)
        let claimed = try await store.claim(query) { candidates in
            var decider = start
            return decider.decide(candidates)
        }
        for dispatch in claimed { flight.takeOff(dispatch.id, over: dispatch.route.adapter, at: now) }
        charge(claimed, at: now)
        return claimed
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

    /// Renders what was claimed, commits the intent, and only then lets it leave.
    func handOff(_ claimed: [ClaimedDispatch]) async {
        var ready: [(ClaimedDispatch, OutboundMessage)] = []
        for dispatch in claimed {
            do {
                ready.append((dispatch, try await render(dispatch)))
            } catch let error as RenderError {
                outcomes.post(SendOutcome(claimed: dispatch, message: nil, ending: .unrenderable(error)))
            } catch {
                logger.error("rendering failed", metadata: ["dispatch": "\(dispatch.id)", "error": "\(error)"])
                outcomes.post(SendOutcome(claimed: dispatch, message: nil, ending: .released))
            }
        }
        guard !ready.isEmpty else { return }
        do throws(StoreError) {
            let leaving = try await store.handOff(ready.map(\.0.id), node: node, at: clock())
            await withDiscardingTaskGroup { sends in
                for (dispatch, message) in ready {
                    if leaving.contains(dispatch.id), let adapter = adapters[dispatch.route.adapter] {
                        sends.addTask { await self.send(message, of: dispatch, over: adapter) }
                    } else {
                        flight.land(dispatch.id, over: dispatch.route.adapter)
                    }
                }
            }
        } catch {
            logger.error("handing off failed", metadata: ["error": "\(error)"])
            for (dispatch, _) in ready {
                outcomes.post(SendOutcome(claimed: dispatch, message: nil, ending: .released))
            }
        }
    }

    private func render(_ dispatch: ClaimedDispatch) async throws -> OutboundMessage {
        guard let key = dispatch.candidate.plan.campaign else {
            return try renderer.render(dispatch, templates: nil)
        }
        guard let campaign = try await campaigns.entry(key) else { throw RenderError.damaged }
        return try renderer.render(dispatch, templates: campaign.templates)
    }

    private func send(
        _ message: OutboundMessage, of dispatch: ClaimedDispatch, over adapter: any OutboundAdapter
    ) async {
        do throws(SendError) {
            let receipt = try await adapter.send(message)
            outcomes.post(SendOutcome(claimed: dispatch, message: message, ending: .sent(receipt)))
        } catch {
            outcomes.post(SendOutcome(claimed: dispatch, message: message, ending: .refused(error)))
        }
    }
}
