package import RapportCore

/// That an address must not be used, as a colleague or another system says it.
package struct SuppressionEntry: Hashable, Sendable {
    package var address: Address
    package var reason: Suppression.Reason
    /// Since when; `nil`: from now on.
    package var at: Timestamp?
    /// When it ends by itself; `nil`: never.
    package var until: Timestamp?

    package init(address: Address, reason: Suppression.Reason, at: Timestamp? = nil, until: Timestamp? = nil) {
        self.address = address
        self.reason = reason
        self.at = at
        self.until = until
    }

    /// - Throws: when it is nothing that can be said at that time.
    func check(at now: Timestamp) throws(SuppressionError) {
        guard reason != .invalid else { throw .hubsOwn }
        if let at, at > now { throw .notYet }
        if let until, until <= now { throw .over }
    }

    /// Whether the address is suppressed for this reason already, and for as long.
    func isSaid(by known: Suppression, at now: Timestamp) -> Bool {
        guard known.reason == reason, !known.hasEnded(at: now) else { return false }
        guard let end = known.until else { return true }
        return until.map { $0 <= end } ?? false
    }
}
