import RapportChannels
import RapportCore
import RapportLog

extension CampaignDesk {
    /// Judges and renders every recipient as sending would, and counts.
    ///
    /// - Parameters:
    ///   - smsSegments: into how many segments a text is cut.
    ///   - progress: called after each page with the recipients judged so far.
    package func preview(
        _ definition: CampaignDefinition, folder: String?, smsSegments: @escaping @Sendable (String) -> Int,
        progress: @escaping @Sendable (_ judged: Int) -> Void
    ) async throws -> CampaignPreview {
        try check(definition)
        let key = CampaignKey(name: definition.name, occurrence: definition.occurrence)
        let templates = try CampaignTemplates(definition, folder: folder)
        let now = clock()
        var preview = CampaignPreview()
        // What starts later is judged in the moment in which it starts.
        var decider = ClaimDecider(policy: policy.current, now: max(now, definition.startAt ?? now))
        let lookback = decider.lookback
        var waits: [SharedWait] = []
        let audience = audience(in: folder)
        // A page is judged while the facts of the next one are read.
        var page: [PreviewedRecipient] = []
        try await audience.forEachPage(of: definition.audience) { recipients, problems in
            let read = preview.audience
            preview.audience += recipients.count + problems.count
            preview.problems += problems
            let planned = recipients.compactMap { recipient in
                planner.plan(recipient, definition: definition, key: key, at: now).map { (recipient, $0) }
            }
            preview.unreachable += recipients.count - planned.count
            async let next = previewed(planned, after: read, lookback)
            for recipient in page {
                judge(
                    recipient, templates: templates, decider: &decider, smsSegments: smsSegments, waits: &waits,
                    into: &preview)
            }
            page = try await next
            progress(read)
        }
        for recipient in page {
            judge(
                recipient, templates: templates, decider: &decider, smsSegments: smsSegments, waits: &waits,
                into: &preview)
        }
        progress(preview.audience)
        try await settle(
            waits, of: definition, plannedAt: now, templates: templates, decider: &decider, smsSegments: smsSegments,
            into: &preview)
        return preview
    }

    /// - Parameter count: of the recipients before these.
    func previewed(
        _ planned: [(Recipient, DispatchPlan)], after count: Int, _ lookback: Lookback
    ) async throws -> [PreviewedRecipient] {
        let facts = try await store.facts(planned.map { FactsQuery($0.1) }, lookback: lookback)
        let owners = try await store.customers(at: planned.flatMap { $0.1.routes.map(\.address) })
        return zip(planned, facts).enumerated().map { index, found in
            let ((recipient, plan), facts) = found
            return PreviewedRecipient(
                candidate: ClaimCandidate(
                    id: DispatchID(-Int64(count + index + 1)), customer: recipient.customer, plan: plan,
                    routeIndex: 0, facts: facts),
                isShared: !lookback.household.isEmpty && recipient.customer.profile.household != nil
                    || plan.routes.contains { (owners[$0.address] ?? []).count > 1 })
        }
    }

    private func judge(
        _ recipient: PreviewedRecipient, templates: CampaignTemplates, decider: inout ClaimDecider,
        smsSegments: (String) -> Int, waits: inout [SharedWait], into preview: inout CampaignPreview
    ) {
        let candidate = recipient.candidate
        let judgement = decider.judge(candidate)
        if recipient.isShared, case .defer(let until, _, _, _) = judgement {
            waits.append(
                SharedWait(
                    customer: candidate.customer.id, variables: candidate.plan.variables, until: until,
                    judgement: judgement))
            return
        }
        let index = note(
            candidate, judgement, templates: templates, decider: decider, smsSegments: smsSegments, into: &preview)
        // Every customer stands in an audience once: what they get counts for nobody but those who share with them.
        if recipient.isShared, let index { decider.reserve(candidate, routeIndex: index) }
    }

    /// Counts what becomes of a recipient.
    ///
    /// - Returns: the route of the message that they get, now or later; `nil` when they get none.
    func note(
        _ candidate: ClaimCandidate, _ judgement: ClaimDecision, templates: CampaignTemplates, decider: ClaimDecider,
        smsSegments: (String) -> Int, into preview: inout CampaignPreview
    ) -> Int? {
        var example = CampaignPreview.Example(
            customer: candidate.customer.id, channel: candidate.plan.routes.first?.channel,
            address: candidate.plan.routes.first?.address.deliverable, verdict: "", rule: nil, until: nil, evidence: [],
            text: nil)
        var taken: Int?
        switch judgement {
        case .skip(let rule, let evidence, _):
            preview.skipped[rule, default: 0] += 1
            (example.verdict, example.rule, example.evidence) = ("skip", rule, evidence)
        case .claim, .defer, .leave, .turn:
            do throws(RenderError) {
                let routes = decider.openRoutes(of: candidate)
                let message = try render(candidate, over: routes, templates: templates, into: &preview)
                taken = routes.first ?? candidate.routeIndex
                example.channel = message.channel
                example.address = message.to.deliverable
                count(message, judgement, segments: smsSegments, in: &preview)
                if case .defer(let until, let rule, let evidence, _) = judgement {
                    (example.verdict, example.rule, example.until, example.evidence) = ("defer", rule, until, evidence)
                } else {
                    example.verdict = "send"
                    if preview.wants(example) { example.text = String(message.beginning.prefix(160)) }
                }
            } catch {
                preview.unrenderable[error.description, default: 0] += 1
                example.verdict = "fail"
                example.rule = error.description
            }
        }
        if preview.wants(example) { preview.examples.append(example) }
        return taken
    }

    /// Renders what would leave, and what would leave instead over every other channel, whether it is needed or not: a
    /// variable that only the fallback names is missing at night, when nobody looks.
    private func render(
        _ candidate: ClaimCandidate, over routes: [Int], templates: CampaignTemplates,
        into preview: inout CampaignPreview
    ) throws(RenderError) -> OutboundMessage {
        func message(_ index: Int) throws(RenderError) -> OutboundMessage {
            try renderer.render(ClaimedDispatch(candidate: candidate, routeIndex: index), templates: templates)
        }
        let first = try message(routes.first ?? candidate.routeIndex)
        var channels: Set<Channel> = [first.channel]
        for index in routes where channels.insert(candidate.plan.routes[index].channel).inserted {
            do throws(RenderError) {
                _ = try message(index)
            } catch {
                preview.unrenderableFallbacks[error.description, default: 0] += 1
            }
        }
        return first
    }

    private func count(
        _ message: OutboundMessage, _ judgement: ClaimDecision, segments: (String) -> Int,
        in preview: inout CampaignPreview
    ) {
        let cost: Int
        if message.channel == .sms, case .text(let text) = message.content { cost = segments(text) } else { cost = 0 }
        if case .defer(let until, let rule, _, _) = judgement {
            var entry = preview.deferred[rule] ?? .init(count: 0, earliest: until, latest: until)
            entry.count += 1
            entry.earliest = min(entry.earliest, until)
            entry.latest = max(entry.latest, until)
            preview.deferred[rule] = entry
            preview.smsSegmentsLater += cost
        } else {
            preview.send += 1
            preview.sendByChannel[message.channel, default: 0] += 1
            preview.smsSegments += cost
        }
    }
}

/// A recipient with what a verdict looks at.
struct PreviewedRecipient: Sendable {
    var candidate: ClaimCandidate
    /// Whether somebody else may be kept from a message by what this one gets.
    var isShared: Bool
}

extension CampaignPreview {
    /// Two examples of each kind say enough.
    fileprivate func wants(_ example: Example) -> Bool {
        examples.count { $0.verdict == example.verdict && $0.rule == example.rule } < 2
    }
}

extension OutboundMessage {
    /// What a reader sees first.
    fileprivate var beginning: String {
        switch content {
        case .email(let content): "\(content.subject) — \(content.text.drop { $0.isNewline }.prefix { !$0.isNewline })"
        case .text(let text): text
        case .event(_, let json): json
        }
    }
}
