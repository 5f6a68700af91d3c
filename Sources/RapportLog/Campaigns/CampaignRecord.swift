package import RapportCore

/// One run of a campaign, as the store knows it.
package struct CampaignRecord: Hashable, Sendable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// Its rows are being written; nothing is sent yet.
        case planning
        case sending
        case paused
        /// Nothing is planned, deferred, claimed or handed off any more.
        case completed
        case cancelled
    }

    package var key: CampaignKey
    package var state: State
    package var messageClass: MessageClass
    package var topic: String
    /// The folder as it was when the campaign was sent, as JSON of the hub's own making: what is sent does not change
    /// when a file does. `nil` in a list of campaigns, which leaves it out.
    package var definition: String?
    package var createdAt: Timestamp
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var expiresAt: Timestamp?
    /// Why it was paused or cancelled, in words.
    package var note: String?

    package init(
        key: CampaignKey, state: State, messageClass: MessageClass, topic: String, definition: String?,
        createdAt: Timestamp, startedAt: Timestamp? = nil, finishedAt: Timestamp? = nil, expiresAt: Timestamp? = nil,
        note: String? = nil
    ) {
        self.key = key
        self.state = state
        self.messageClass = messageClass
        self.topic = topic
        self.definition = definition
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.expiresAt = expiresAt
        self.note = note
    }
}

/// Where a campaign's messages stand. `states` adds up to `planned`.
package struct CampaignProgress: Hashable, Sendable {
    package var planned: Int
    package var states: [DispatchState: Int]
    /// Skipped rows by rule.
    package var skipped: [String: Int]
    /// Deferred rows by rule.
    package var deferred: [String: Int]
    /// Failed rows by rule.
    package var failed: [String: Int]
    /// Customers who answered it.
    package var responded: Int
    /// Rows that left in the last 60 seconds, as far as it is known what became of them.
    package var lastMinute: Int
    package var nextDue: Timestamp?

    package init(
        planned: Int = 0, states: [DispatchState: Int] = [:], skipped: [String: Int] = [:],
        deferred: [String: Int] = [:], failed: [String: Int] = [:], responded: Int = 0, lastMinute: Int = 0,
        nextDue: Timestamp? = nil
    ) {
        self.planned = planned
        self.states = states
        self.skipped = skipped
        self.deferred = deferred
        self.failed = failed
        self.responded = responded
        self.lastMinute = lastMinute
        self.nextDue = nextDue
    }
}
