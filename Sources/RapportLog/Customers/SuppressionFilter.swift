package import RapportCore

/// Which suppressions are listed. All conditions must hold.
package struct SuppressionFilter: Hashable, Sendable {
    package var reason: Suppression.Reason?
    /// Leaves out those that have ended by then; `nil`: none.
    package var activeAt: Timestamp?

    package init(reason: Suppression.Reason? = nil, activeAt: Timestamp? = nil) {
        self.reason = reason
        self.activeAt = activeAt
    }
}
