package import RapportCore

/// One message to be: a row of `planned`.
package struct DispatchPlan: Hashable, Sendable {
    package var customer: CustomerID
    /// `nil` for a single message sent through the API or by a colleague.
    package var campaign: CampaignKey?
    /// Makes a single message happen once: a second plan with the same key is the same message. `nil` for a campaign's,
    /// which campaign, occurrence and customer make unique.
    package var key: String?
    /// Of the request that asked for it, so that the same key with another request is found out; `nil`: not compared.
    package var digest: String?
    package var messageClass: MessageClass
    package var topic: String
    package var offer: String?
    package var content: String?
    /// Where it may go, in order of preference; at least one, all different.
    package var routes: [Route]
    /// Values for the templates that belong to this recipient alone, such as a column of the audience's CSV.
    package var variables: [String: String]
    /// What a single message says, as JSON of the hub's own making; `nil` for a campaign's.
    package var inlineContent: String?
    /// Follow-ups that a single message answers. Each is answered by one message at a time, and only while it is open.
    package var answers: [FollowUpID]
    package var dueAt: Timestamp
    package var expiresAt: Timestamp?
    /// Whether it may be sent again when nobody knows what became of it. Only transactional messages may.
    package var repeats: Bool

    package init(
        customer: CustomerID, campaign: CampaignKey?, key: String? = nil, digest: String? = nil,
        messageClass: MessageClass, topic: String, offer: String? = nil, content: String? = nil, routes: [Route],
        variables: [String: String] = [:], inlineContent: String? = nil, answers: [FollowUpID] = [],
        dueAt: Timestamp, expiresAt: Timestamp? = nil, repeats: Bool = false
    ) {
        self.customer = customer
        self.campaign = campaign
        self.key = key
        self.digest = digest
        self.messageClass = messageClass
        self.topic = topic
        self.offer = offer
        self.content = content
        self.routes = routes
        self.variables = variables
        self.inlineContent = inlineContent
        self.answers = answers
        self.dueAt = dueAt
        self.expiresAt = expiresAt
        self.repeats = repeats
    }
}

/// One way a dispatch may take.
package struct Route: Hashable, Sendable, Codable {
    package var channel: Channel
    package var adapter: String
    package var address: Address

    package init(channel: Channel, adapter: String, address: Address) {
        self.channel = channel
        self.adapter = adapter
        self.address = address
    }
}

/// A campaign and the run of it.
package struct CampaignKey: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package var name: String
    /// `nil` for a campaign that runs once.
    package var occurrence: String?

    package init(name: String, occurrence: String? = nil) {
        self.name = name
        self.occurrence = occurrence
    }

    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.name, lhs.occurrence ?? "") < (rhs.name, rhs.occurrence ?? "")
    }

    /// `spring` or `newsletter@2026-03`.
    package var description: String { occurrence.map { "\(name)@\($0)" } ?? name }
}
