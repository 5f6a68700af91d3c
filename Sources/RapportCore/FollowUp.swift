/// Something a customer is waiting for: opened by what they did, closed by an answer, due by a service level.
package struct FollowUp: Hashable, Sendable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable { case open, closed }

    package var id: FollowUpID
    package var customer: CustomerID
    /// What it is: `message`, `voicemail`, `missed-call`, `callback`, `complaint`, `opt-out`, or a business's own word.
    /// The policy's `openCase` rule names these.
    package var kind: String
    package var state: State
    /// One line for a listing; never more than the interaction's subject or the first words of its text.
    package var summary: String
    package var owner: String?
    package var openedAt: Timestamp
    package var dueAt: Timestamp?
    package var closedAt: Timestamp?
    /// Why it was closed: `answered`, or a colleague's words.
    package var resolution: String?
    package var conversation: String?

    package init(
        id: FollowUpID, customer: CustomerID, kind: String, state: State = .open, summary: String,
        owner: String? = nil, openedAt: Timestamp, dueAt: Timestamp? = nil, closedAt: Timestamp? = nil,
        resolution: String? = nil, conversation: String? = nil
    ) {
        self.id = id
        self.customer = customer
        self.kind = kind
        self.state = state
        self.summary = summary
        self.owner = owner
        self.openedAt = openedAt
        self.dueAt = dueAt
        self.closedAt = closedAt
        self.resolution = resolution
        self.conversation = conversation
    }

    /// Whether it should have been answered by now.
    package func isOverdue(at now: Timestamp) -> Bool {
        state == .open && dueAt.map { $0 <= now } == true
    }
}
