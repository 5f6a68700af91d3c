/// The way an interaction came or went.
package enum Channel: String, Sendable, Codable, CaseIterable, Hashable {
    case email
    case sms
    case webhook
    case ivr
    /// The hub's own pages: unsubscribe and preferences.
    case web
    /// A colleague at the command line or another system through the API.
    case desk

    /// The channels a message can leave through, and so the ones a policy or a campaign may name.
    package static let outbound: [Channel] = [.email, .sms, .webhook, .ivr]
}

/// Which side of the conversation an interaction came from.
package enum Direction: String, Sendable, Codable, CaseIterable, Hashable {
    /// From the customer, or from a provider about the customer.
    case inbound
    /// To the customer.
    case outbound
    /// Between colleagues, or the hub's own note about the customer.
    case `internal`
}

/// What a message is for; the contact policy treats each differently.
package enum MessageClass: String, Sendable, Codable, CaseIterable, Hashable {
    /// Meant to sell or to keep in mind.
    case marketing
    /// About something the customer has with us: a renewal, a repair date.
    case service
    /// Asked for by the customer just now: a receipt, a one-time code.
    case transactional
}
