package import RapportCore

extension ContactFacts {
    /// The same facts, with everything that speaks against sending moved from the future to now.
    ///
    /// What stands in the log has happened, whatever a clock that was ahead said about it: ours before it was set back, or
    /// that of a server that reported a bounce. Without this a refusal would begin to hold only when the clock has caught
    /// up with it. What was granted is left where it is: it can wait.
    package func happened(by now: Timestamp) -> ContactFacts {
        guard speaksOfTheFuture(now) else { return self }
        var facts = self
        for index in consents.indices where consents[index].state == .denied {
            facts.consents[index].at = min(consents[index].at, now)
        }
        for index in suppressions.indices { facts.suppressions[index].at = min(suppressions[index].at, now) }
        for index in dispatches.indices { facts.dispatches[index].at = min(dispatches[index].at, now) }
        for index in openCases.indices { facts.openCases[index].openedAt = min(openCases[index].openedAt, now) }
        for index in responses.indices { facts.responses[index].at = min(responses[index].at, now) }
        return facts
    }

    private func speaksOfTheFuture(_ now: Timestamp) -> Bool {
        consents.contains { $0.at > now } || suppressions.contains { $0.at > now }
            || dispatches.contains { $0.at > now } || openCases.contains { $0.openedAt > now }
            || responses.contains { $0.at > now }
    }
}
