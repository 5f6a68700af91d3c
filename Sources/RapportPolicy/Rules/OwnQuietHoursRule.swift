import RapportCore

/// The quiet hours that the customer asked for: marketing on every channel, beside those of the file.
struct OwnQuietHoursRule: PolicyRule {
    let name = RuleName.quietHours
    let narrowing = Narrowing.marketing
    let onHit = HitAction.defer
    let summary = "not in the customer's own quiet hours"

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        guard let hours = situation.facts.customer.quietHours,
            let end = Night(hours).end(at: now.seconds, situation.clock)
        else { return .pass }
        return .objects(until: Timestamp(seconds: end))
    }

    func note(_ situation: Situation, at now: Timestamp, _ judgement: Judgement) -> String {
        guard situation.facts.customer.quietHours != nil else { return "the customer has no quiet hours" }
        return situation.isZoneReplaced ? summary + situation.zoneRemark : summary
    }
}
