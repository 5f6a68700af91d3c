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
        let audience = AudienceReader(store: store, normalizer: normalizer, region: region, folder: folder)
        try await audience.forEachPage(of: definition.audience) { recipients, problems in
            preview.audience += recipients.count + problems.count
            preview.problems += problems
            let planned = recipients.compactMap { recipient in
                planner.plan(recipient, definition: definition, key: key, at: now).map { (recipient, $0) }
            }
            preview.unreachable += recipients.count - planned.count
            let facts = try await store.facts(
                planned.map { FactsQuery(customer: $0.1.customer, addresses: $0.1.routes.map(\.address)) })
            for (index, (recipient, plan)) in planned.enumerated() {
                let candidate = ClaimCandidate(
                    id: DispatchID(-Int64(preview.audience + index)), customer: recipient.customer, plan: plan,
                    routeIndex: 0, attempts: 0,
                    facts: facts[index])
                judge(
                    candidate, templates: templates, decider: &decider, smsSegments: smsSegments, into: &preview)
            }
            progress(preview.audience)
        }
        return preview
    }

    private func judge(
        _ candidate: ClaimCandidate, templates: CampaignTemplates, decider: inout ClaimDecider,
        smsSegments: (String) -> Int, into preview: inout CampaignPreview
    ) {
        var example = CampaignPreview.Example(
            customer: candidate.customer.id, channel: candidate.plan.routes.first?.channel,
            address: candidate.plan.routes.first?.address.deliverable, verdict: "", rule: nil, until: nil, evidence: [],
            text: nil)
        let judgement = decider.judge(candidate)
        switch judgement {
        case .skip(let rule, let evidence, _):
            preview.skipped[rule, default: 0] += 1
            (example.verdict, example.rule, example.evidence) = ("skip", rule, evidence)
        case .claim, .defer, .leave:
            do throws(RenderError) {
                let routes = decider.openRoutes(of: candidate)
                let message = try render(candidate, over: routes, templates: templates, into: &preview)
                example.channel = message.channel
                example.address = message.to.deliverable
                count(message, judgement, segments: smsSegments, in: &preview)
                if case .claim(let index, _) = judgement { decider.reserve(candidate, routeIndex: index) }
                if case .defer(let until, let rule, let evidence, _) = judgement {
                    (example.verdict, example.rule, example.until, example.evidence) = ("defer", rule, until, evidence)
                } else {
                    example.verdict = "send"
                    example.text = String(message.beginning.prefix(160))
                }
            } catch {
                preview.unrenderable[error.description, default: 0] += 1
                example.verdict = "fail"
                example.rule = error.description
            }
        }
        if preview.examples.count(where: { $0.verdict == example.verdict && $0.rule == example.rule }) < 2 {
            preview.examples.append(example)
        }
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

extension OutboundMessage {
    /// What a reader sees first.
    fileprivate var beginning: String {
        switch content {
        case .email(let content): "\(content.subject) — \(content.text.split(separator: "\n").first ?? "")"
        case .text(let text): text
        case .event(_, let json): json
        }
    }
}
