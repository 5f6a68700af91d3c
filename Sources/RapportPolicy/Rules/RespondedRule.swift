import RapportCore

/// `responded: { within: 60d }`: who already answered a campaign is not asked again.
///
/// A response exactly `within` ago still counts, as it does for `duplicate`; any occurrence of the campaign will do.
struct RespondedRule: FileRule {
    static let word = "responded"
    static let keys = ["within"]

    let name = RuleName.responded
    let narrowing: Narrowing
    let summary: String
    private let within: Span

    init?(_ fields: FieldReader, narrowing: Narrowing) {
        guard let within = fields.span("within") else { return nil }
        self.within = within.span
        self.narrowing = narrowing
        summary = "no response to the campaign within \(within.text)"
    }

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        responses(situation, at: now).isEmpty ? .pass : .objects(until: nil)
    }

    func evidence(_ situation: Situation, at now: Timestamp) -> [String] {
        responses(situation, at: now).map(\.id)
    }

    private func responses(_ situation: Situation, at now: Timestamp) -> [ContactFacts.Response] {
        guard let campaign = situation.request.campaign, !situation.facts.responses.isEmpty else { return [] }
        let start = within.start(before: now)
        return situation.facts.responses.filter { response in
            response.at <= now && start.map { response.at >= $0 } ?? true && response.campaign == campaign
        }
    }
}
