/// One entry of the append-only consent ledger: who allowed or forbade what, when, and how we know.
package struct ConsentEntry: Hashable, Sendable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable { case granted, denied, pending }

    package var id: EntryID
    package var customer: CustomerID
    /// `nil`: whatever address the customer has.
    package var address: Address?
    /// `nil`: every topic (`*`).
    package var topic: String?
    /// `nil`: every channel (`*`).
    package var channel: Channel?
    package var state: State
    package var at: Timestamp
    /// When a double opt-in was completed.
    package var confirmedAt: Timestamp?
    /// How it came: `keyword`, `list-unsubscribe`, `preference-page`, `key-press`, `import`, `desk`, …
    package var method: String
    /// The wording agreed to, the IP address, the key pressed: what would stand up as proof.
    package var proof: [String: String]

    package init(
        id: EntryID, customer: CustomerID, address: Address?, topic: String?, channel: Channel?, state: State,
        at: Timestamp, confirmedAt: Timestamp? = nil, method: String, proof: [String: String] = [:]
    ) {
        self.id = id
        self.customer = customer
        self.address = address
        self.topic = topic
        self.channel = channel
        self.state = state
        self.at = at
        self.confirmedAt = confirmedAt
        self.method = method
        self.proof = proof
    }
}
