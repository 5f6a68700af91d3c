package import RapportCore

/// Reads the log without changing it.
package protocol LogReading: Sendable {
    /// A customer's interactions (with those of customers merged into it), the latest first.
    ///
    /// - Parameter before: leaves out this position and later ones; the last row of a page is the next page's cursor.
    func timeline(
        of customer: CustomerID, before: InteractionID?, limit: Int, including parts: InteractionParts
    ) async throws(StoreError) -> [Interaction]

    /// Interactions in log order after a position, without payloads: for `rapport log` and for feeds.
    func interactions(after: InteractionID?, limit: Int) async throws(StoreError) -> [Interaction]

    func interaction(_ id: InteractionID, payload: Bool) async throws(StoreError) -> Interaction?

    /// The position of the latest row; 0 when the log is empty.
    func lastPosition() async throws(StoreError) -> Int64
}

/// What of an interaction is read only when it is asked for, because few who look at it need it.
package struct InteractionParts: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// As they came, as long as they are kept.
    package static let payloads = InteractionParts(rawValue: 1)
    /// What it changed: to read that takes as long as to read the rest of a row.
    package static let effects = InteractionParts(rawValue: 2)
}

/// What customers are waiting for.
package protocol FollowUpReading: Sendable {
    /// Overdue ones first, then by due time, then by age.
    func followUps(_ filter: FollowUpFilter, limit: Int) async throws(StoreError) -> [FollowUp]

    func followUp(_ id: FollowUpID) async throws(StoreError) -> FollowUp?
}

package struct FollowUpFilter: Hashable, Sendable {
    package var state: FollowUp.State?
    package var owner: String?
    package var customer: CustomerID?
    package var dueBefore: Timestamp?

    package init(
        state: FollowUp.State? = nil, owner: String? = nil, customer: CustomerID? = nil, dueBefore: Timestamp? = nil
    ) {
        self.state = state
        self.owner = owner
        self.customer = customer
        self.dueBefore = dueBefore
    }
}
