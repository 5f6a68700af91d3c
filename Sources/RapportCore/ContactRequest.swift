/// A message that somebody would like to send: what the contact policy is asked about.
package struct ContactRequest: Hashable, Sendable {
    package var messageClass: MessageClass
    package var topic: String
    package var channel: Channel
    package var address: Address
    package var campaign: String?
    /// Tells the runs of a recurring campaign apart, such as `2026-03`.
    package var occurrence: String?
    package var offer: String?
    /// A fingerprint of what is said, the same for the same brochure under another campaign's name.
    package var content: String?
    package var expiresAt: Timestamp?

    package init(
        messageClass: MessageClass, topic: String, channel: Channel, address: Address, campaign: String? = nil,
        occurrence: String? = nil, offer: String? = nil, content: String? = nil, expiresAt: Timestamp? = nil
    ) {
        self.messageClass = messageClass
        self.topic = topic
        self.channel = channel
        self.address = address
        self.campaign = campaign
        self.occurrence = occurrence
        self.offer = offer
        self.content = content
        self.expiresAt = expiresAt
    }
}
