import RapportCore

/// Whether the customer wants this topic on this channel, by the ledger. Every class; a topic may ask for none.
///
/// Where the ledger leaves room, no wins: a topic that the policy doesn't know has nobody's consent, a confirmation
/// dated after the instant has not happened, and any matching grant lifts a denial only within its own scope.
struct ConsentRule: PolicyRule {
    let name = RuleName.consent
    let narrowing = Narrowing.everything
    let summary = "the customer agrees to the topic on this channel"

    func judge(_ situation: Situation, at now: Timestamp) -> Judgement {
        guard let topic = situation.topic else { return .objects(until: nil) }
        guard topic.consent != .none else { return .pass }
        if situation.consents.standingDenials(at: now).isEmpty, isGranted(situation, topic, at: now) { return .pass }
        return .objects(until: nil)
    }

    /// The denials that stand; without one, the grants that were not good enough.
    func evidence(_ situation: Situation, at now: Timestamp) -> [String] {
        let denials = situation.consents.standingDenials(at: now)
        let entries = denials.isEmpty ? situation.consents.grants.filter { $0.at <= now } : denials
        return situation.topic == nil ? [] : entries.map { situation.facts.consents[$0.index].id }
    }

    func note(_ situation: Situation, at now: Timestamp, _ judgement: Judgement) -> String {
        guard let topic = situation.topic else { return "the policy has no such topic" }
        guard topic.consent != .none else { return "the topic asks for no consent" }
        guard judgement != .pass else { return topic.consent == .optIn ? summary : "the customer has not refused" }
        if !situation.consents.standingDenials(at: now).isEmpty { return "refused" }
        let grants = situation.consents.grants.filter { $0.at <= now }
        guard !grants.isEmpty else { return "opt-in, and nothing granted" }
        return grants.contains { isFresh($0, topic, at: now) }
            ? "opt-in, and not confirmed" : "opt-in, and granted too long ago"
    }

    private func isGranted(_ situation: Situation, _ topic: Topic, at now: Timestamp) -> Bool {
        guard topic.consent == .optIn else { return true }
        let needsConfirmation = topic.doubleOptIn.contains(situation.request.channel)
        return situation.consents.grants.contains { grant in
            grant.at <= now && isFresh(grant, topic, at: now)
                && (!needsConfirmation || grant.confirmedAt.map { $0 <= now } ?? false)
        }
    }

    private func isFresh(_ grant: ConsentRecord.Entry, _ topic: Topic, at now: Timestamp) -> Bool {
        guard let start = topic.expireAfter?.start(before: now) else { return true }
        return grant.at > start
    }
}
