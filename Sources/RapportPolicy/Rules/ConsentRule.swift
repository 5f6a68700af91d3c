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
        switch standing(situation, at: now) {
        case .notAsked, .agreed: .pass
        case .unknownTopic, .refused, .ungranted, .unconfirmed, .expired: .objects(until: nil)
        }
    }

    /// The denials that stand; without one, the grants that were not good enough.
    func evidence(_ situation: Situation, at now: Timestamp) -> [String] {
        let denials = situation.consents.standingDenials(at: now)
        let entries = denials.isEmpty ? situation.consents.grants.filter { $0.at <= now } : denials
        return situation.topic == nil ? [] : entries.map { situation.facts.consents[$0.index].id }
    }

    func note(_ situation: Situation, at now: Timestamp, _ judgement: Judgement) -> String {
        switch standing(situation, at: now) {
        case .unknownTopic: "the policy has no such topic"
        case .notAsked: "the topic asks for no consent"
        case .agreed: situation.topic?.consent == .optIn ? summary : "the customer has not refused"
        case .refused: "refused"
        case .ungranted: "opt-in, and nothing granted"
        case .unconfirmed: "opt-in, and not confirmed"
        case .expired: "opt-in, and granted too long ago"
        }
    }

    /// How the ledger stands to the request. A grant that is fresh says more than one that is too old, and one that is
    /// good enough more than all others.
    func standing(_ situation: Situation, at now: Timestamp) -> ConsentStanding {
        guard let topic = situation.topic else { return .unknownTopic }
        guard topic.consent != .none else { return .notAsked }
        guard situation.consents.standingDenials(at: now).isEmpty else { return .refused }
        guard topic.consent == .optIn else { return .agreed }
        let needsConfirmation = topic.doubleOptIn.contains(situation.request.channel)
        var standing = ConsentStanding.ungranted
        for grant in situation.consents.grants where grant.at <= now {
            guard isFresh(grant, topic, at: now) else {
                if standing == .ungranted { standing = .expired }
                continue
            }
            let isConfirmed = grant.confirmedAt.map { $0 <= now } ?? false
            if !needsConfirmation || isConfirmed { return .agreed }
            standing = .unconfirmed
        }
        return standing
    }

    private func isFresh(_ grant: ConsentRecord.Entry, _ topic: Topic, at now: Timestamp) -> Bool {
        guard let start = topic.expireAfter?.start(before: now) else { return true }
        return grant.at > start
    }
}
