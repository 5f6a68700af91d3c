import RapportCore

/// The customer asked to be left alone for a while. Marketing only.
struct PausedRule: PolicyRule {
    let name = RuleName.paused
    let narrowing = Narrowing.marketing
    let onHit = HitAction.defer
    let summary = "the customer has not paused marketing"

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        guard let until = situation.facts.customer.pausedUntil, until > now else { return .pass }
        return .objects(until: until)
    }

    func note(_ situation: Situation, at now: Timestamp, _ judgement: Judgement) -> String {
        judgement == .pass ? summary : "the customer paused marketing"
    }
}
