import RapportCore
import RapportLog
import RapportPolicy

extension CampaignDesk {
    /// Gives those who wait and share with somebody their turns, in the order in which these come. Who would then be
    /// forestalled by another recipient, who got it meanwhile, does not wait for anything and is skipped; who has to wait
    /// longer has another turn.
    func settle(
        _ waits: [SharedWait], of definition: CampaignDefinition, plannedAt now: Timestamp,
        templates: CampaignTemplates, decider: inout ClaimDecider, smsSegments: (String) -> Int,
        into preview: inout CampaignPreview
    ) async throws {
        let key = CampaignKey(name: definition.name, occurrence: definition.occurrence)
        let horizon = decider.now.adding(seconds: ContactPolicy.longestDeferral)
        var queue = WaitQueue(waits)
        var read = preview.audience
        while !queue.isEmpty {
            try Task.checkCancellation()
            let page = queue.next(SharedWait.pageSize)
            let customers = try await store.customers(page.map(\.customer))
            var waits: [SharedWait] = []
            var planned: [(Recipient, DispatchPlan)] = []
            for wait in page {
                guard let customer = customers[wait.customer] else { continue }
                let recipient = Recipient(customer: customer, variables: wait.variables)
                guard let plan = planner.plan(recipient, definition: definition, key: key, at: now) else { continue }
                waits.append(wait)
                planned.append((recipient, plan))
            }
            // Who was erased meanwhile, or has lost the last address.
            preview.unreachable += page.count - planned.count
            let recipients = try await previewed(planned, after: read, decider.lookback)
            read += planned.count
            // The next one is the last.
            var turns: [(SharedWait, PreviewedRecipient)] = zip(waits, recipients).reversed()
            while let (next, recipient) = turns.popLast() {
                var wait = next
                decider.now = wait.until
                let judgement = decider.judge(recipient.candidate, after: wait, horizon: horizon)
                if case .defer(let until, _, _, _) = judgement, until > wait.until {
                    wait.defer(until: until, judgement)
                    // Those whose turns come after this page's have not been read.
                    if let last = page.last, wait.comes(before: last) {
                        let place = turns.firstIndex { $0.0.comes(before: wait) } ?? turns.endIndex
                        turns.insert((wait, recipient), at: place)
                    } else {
                        queue.insert(wait)
                    }
                    continue
                }
                let index = note(
                    recipient.candidate, judgement, templates: templates, decider: decider, smsSegments: smsSegments,
                    into: &preview)
                if let index { decider.reserve(recipient.candidate, routeIndex: index) }
            }
        }
    }
}

extension ClaimDecider {
    /// What becomes of somebody whose turn it is: who may have the message now is counted as they waited for it, and so is
    /// who has waited for longer than anybody plans ahead.
    fileprivate mutating func judge(
        _ candidate: ClaimCandidate, after wait: SharedWait, horizon: Timestamp
    ) -> ClaimDecision {
        guard wait.turns < SharedWait.mostTurns, wait.until <= horizon else { return wait.judgement }
        let judgement = judge(candidate)
        if case .claim = judgement { return wait.judgement }
        return judgement
    }
}
