package import RapportCore

extension ContactFacts {
    /// The same facts, none of them dated after `now`.
    ///
    /// What a claim reads is committed, so it has happened, but its date is by the clock of whoever wrote it: another
    /// node's, or this one's before it was set back, or read a moment after the claim's own and committed before it.
    /// The policy would take such a date for the future and let a cap or an opt-out pass. A yes keeps its date: one that
    /// lies ahead, as a customer file may have it, does not hold yet.
    package func happened(by now: Timestamp) -> ContactFacts {
        guard hasDates(after: now) else { return self }
        var facts = self
        for index in facts.dispatches.indices { facts.dispatches[index].at = min(dispatches[index].at, now) }
        for index in facts.suppressions.indices { facts.suppressions[index].at = min(suppressions[index].at, now) }
        for index in facts.consents.indices where consents[index].state != .granted {
            facts.consents[index].at = min(consents[index].at, now)
        }
        for index in facts.responses.indices { facts.responses[index].at = min(responses[index].at, now) }
        for index in facts.openCases.indices { facts.openCases[index].openedAt = min(openCases[index].openedAt, now) }
        return facts
    }

    private func hasDates(after now: Timestamp) -> Bool {
        dispatches.contains { $0.at > now } || suppressions.contains { $0.at > now }
            || consents.contains { $0.at > now && $0.state != .granted } || responses.contains { $0.at > now }
            || openCases.contains { $0.openedAt > now }
    }
}
