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
        let templates = try CampaignTemplates(definition)
        let now = clock()
        var preview = CampaignPreview()
        var decider = ClaimDecider(policy: policy.current, now: now)
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
        switch decider.judge(candidate) {
        case .claim(let index, _):
            do throws(RenderError) {
                let message = try renderer.render(
                    ClaimedDispatch(candidate: candidate, routeIndex: index), templates: templates)
                decider.reserve(candidate, routeIndex: index)
                count(message, segments: smsSegments, in: &preview)
                example.verdict = "send"
                example.channel = message.channel
                example.address = message.to.deliverable
                example.text = String(message.beginning.prefix(160))
            } catch {
                preview.unrenderable[error.description, default: 0] += 1
                example.verdict = "fail"
                example.rule = error.description
            }
        case .defer(let until, let rule, let evidence, _):
            var entry = preview.deferred[rule] ?? .init(count: 0, earliest: until, latest: until)
            entry.count += 1
            entry.earliest = min(entry.earliest, until)
            entry.latest = max(entry.latest, until)
            preview.deferred[rule] = entry
            (example.verdict, example.rule, example.until, example.evidence) = (
                "defer", rule, until, Self.known(evidence)
            )
        case .skip(let rule, let evidence, _):
            preview.skipped[rule, default: 0] += 1
            (example.verdict, example.rule, example.evidence) = ("skip", rule, Self.known(evidence))
        case .leave:
            break
        }
        if preview.examples.count(where: { $0.verdict == example.verdict && $0.rule == example.rule }) < 2 {
            preview.examples.append(example)
        }
    }

    /// Without the messages of this very preview, which have no ids yet.
    private static func known(_ evidence: [String]) -> [String] {
        evidence.filter { !$0.hasPrefix("d-") }
    }

    private func count(_ message: OutboundMessage, segments: (String) -> Int, in preview: inout CampaignPreview) {
        preview.send += 1
        preview.sendByChannel[message.channel, default: 0] += 1
        if message.channel == .sms, case .text(let text) = message.content { preview.smsSegments += segments(text) }
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
