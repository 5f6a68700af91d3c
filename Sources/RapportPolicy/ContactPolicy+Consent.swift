package import RapportCore

extension ContactPolicy {
    /// How the customer stands to the request's topic on its channel at its address; the consent rule alone, without a
    /// verdict.
    package func consent(_ request: ContactRequest, _ facts: ContactFacts, now: Timestamp) -> ConsentStanding {
        ConsentRule().standing(Situation(request, facts, now: now, policy: self), at: now)
    }

    /// Whether a yes to this topic (`nil`: all) on this channel (`nil`: all) counts somewhere only when it is confirmed.
    package func asksForConfirmation(topic: String?, channel: Channel?) -> Bool {
        topics.contains { known in
            known.consent == .optIn && (topic ?? known.name) == known.name
                && known.doubleOptIn.contains { (channel ?? $0) == $0 }
        }
    }
}
