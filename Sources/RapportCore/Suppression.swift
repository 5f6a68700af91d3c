/// An address that must not be used, whoever it belongs to, and why.
package struct Suppression: Hashable, Sendable, Codable {
    /// Which message classes a reason blocks is the policy file's to say.
    package enum Reason: String, Sendable, Codable, CaseIterable, Hashable {
        case hardBounce = "hard-bounce"
        case invalid
        case stop
        case complaint
        case manual
    }

    package var id: EntryID
    package var address: Address
    package var reason: Reason
    package var at: Timestamp
    /// When it ends by itself; `nil`: never.
    package var until: Timestamp?

    package init(id: EntryID, address: Address, reason: Reason, at: Timestamp, until: Timestamp? = nil) {
        self.id = id
        self.address = address
        self.reason = reason
        self.at = at
        self.until = until
    }

    /// Whether it is over at that time, because it ended by itself or was lifted.
    package func hasEnded(at now: Timestamp) -> Bool {
        until.map { $0 <= now } ?? false
    }
}
