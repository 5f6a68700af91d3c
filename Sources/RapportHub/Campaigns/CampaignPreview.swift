package import RapportCore

/// What would happen if a campaign were sent now (judged when it starts, if that is later); nothing is stored or sent.
package struct CampaignPreview: Hashable, Sendable {
    package var audience = 0
    /// Customers without an address for any of the channels.
    package var unreachable = 0
    package var problems: [AudienceProblem] = []
    package var send = 0
    package var sendByChannel: [Channel: Int] = [:]
    package var deferred: [String: Deferred] = [:]
    /// By rule.
    package var skipped: [String: Int] = [:]
    /// By what is missing: of those who would get it now or later.
    package var unrenderable: [String: Int] = [:]
    /// By what is missing in the message that would follow over the next channel, should the first one fail.
    package var unrenderableFallbacks: [String: Int] = [:]
    /// Of the messages that would leave by SMS now.
    package var smsSegments = 0
    /// Of those that would leave by SMS later.
    package var smsSegmentsLater = 0
    package var examples: [Example] = []

    package struct Deferred: Hashable, Sendable {
        package var count: Int
        package var earliest: Timestamp
        package var latest: Timestamp
    }

    /// One recipient and what would become of them.
    package struct Example: Hashable, Sendable {
        package var customer: CustomerID
        package var channel: Channel?
        package var address: String?
        /// `send`, `defer`, `skip` or `fail`.
        package var verdict: String
        package var rule: String?
        package var until: Timestamp?
        package var evidence: [String]
        /// The beginning of what would be sent.
        package var text: String?
    }
}
