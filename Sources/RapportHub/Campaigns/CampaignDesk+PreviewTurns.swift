import RapportCore
import RapportLog

extension CampaignDesk {
    /// Gives those who wait and share with somebody their turns, in the order in which these come. Who would then be
    /// forestalled by another recipient, who got it meanwhile, does not wait for anything and is skipped.
    func settle(
        _ waits: [SharedWait], of definition: CampaignDefinition, plannedAt now: Timestamp,
        templates: CampaignTemplates, decider: inout ClaimDecider, smsSegments: (String) -> Int,
        into preview: inout CampaignPreview
    ) async throws {
        let key = CampaignKey(name: definition.name, occurrence: definition.occurrence)
        let waits = waits.sorted { ($0.until, $0.customer) < ($1.until, $1.customer) }
        for start in stride(from: 0, to: waits.count, by: SharedWait.pageSize) {
            try Task.checkCancellation()
            let page = waits[start..<min(start + SharedWait.pageSize, waits.count)]
            let customers = try await store.customers(page.map(\.customer))
            var turns: [SharedWait] = []
            var planned: [(Recipient, DispatchPlan)] = []
            for wait in page {
                guard let customer = customers[wait.customer] else { continue }
                let recipient = Recipient(customer: customer, variables: wait.variables)
                guard let plan = planner.plan(recipient, definition: definition, key: key, at: now) else { continue }
                turns.append(wait)
                planned.append((recipient, plan))
            }
            // Who was erased meanwhile, or has lost the last address.
            preview.unreachable += page.count - planned.count
            let recipients = try await previewed(planned, after: preview.audience + start, decider.lookback)
            for (wait, recipient) in zip(turns, recipients) {
                decider.now = wait.until
                var judgement = decider.judge(recipient.candidate)
                switch judgement {
                case .claim: judgement = wait.judgement
                case .defer(let until, _, _, _): decider.now = until
                case .skip, .leave: break
                }
                let index = note(
                    recipient.candidate, judgement, templates: templates, decider: decider, smsSegments: smsSegments,
                    into: &preview)
                if let index { decider.reserve(recipient.candidate, routeIndex: index) }
            }
        }
    }
}

/// A recipient who waits, and may be kept from a message by what somebody else gets meanwhile. There may be as many as
/// recipients, so all that can be read again is left out.
struct SharedWait: Sendable {
    /// So many get their turns at once.
    static let pageSize = 500

    var customer: CustomerID
    var variables: [String: String]
    var until: Timestamp
    /// As it is now, without the others who wait.
    var judgement: ClaimDecision
}
