package import RapportCore
import RapportLog

/// A campaign as its folder describes it: what, to whom, how and when. Stored whole when the campaign is sent, so that
/// what is sent does not change when a file does.
package struct CampaignDefinition: Hashable, Sendable, Codable {
    package var name: String
    package var title: String
    package var messageClass: MessageClass
    package var topic: String
    /// In order of preference; the next one is used when one can't be used or fails for good.
    package var channels: [Channel]
    /// Which adapter carries a channel; the configuration's first of that channel when not named.
    package var adapters: [String: String]
    package var audience: Audience
    /// Of the audience's file, as it was when planning began; `nil` without a file, and before it is sent. The file itself
    /// is not stored: what its rows say is stored with each message.
    package var audienceDigest: String?
    package var offer: String?
    package var occurrence: String?
    package var startAt: Timestamp?
    package var expiry: Expiry?
    /// The language of templates without one in their name, and of customers without one.
    package var language: String
    package var throttle: ThrottleSettings
    /// Transactional only: send again when nobody knows what became of a message.
    package var repeats: Bool
    /// Values that are the same for everybody.
    package var variables: [String: String]
    package var templates: [TemplateSource]
    package var attachments: [AttachmentSource]
    /// Fingerprint of what is said: the templates, variables and attachments, whatever the campaign's name.
    package var content: String

    package enum Audience: Hashable, Sendable, Codable {
        case everyone
        case filter(tags: Set<String>, withoutTags: Set<String>, attributes: [String: String], languages: Set<String>)
        /// A file beside `campaign.yaml`: one column `id`, `email` or `phone` finds the customer, the others are variables.
        case csv(file: String)
    }

    package enum Expiry: Hashable, Sendable, Codable {
        case at(Timestamp)
        /// Counted from the moment of sending.
        case after(seconds: Int64)
    }

    /// One template file of the folder.
    package struct TemplateSource: Hashable, Sendable, Codable {
        package var channel: Channel
        /// `nil`: for the campaign's own language and for everybody without a better one.
        package var language: String?
        package var part: Part
        package var text: String

        package enum Part: String, Hashable, Sendable, Codable { case text, html, json }
    }

    package struct AttachmentSource: Hashable, Sendable, Codable {
        package var name: String
        package var type: String
        package var bytes: [UInt8]
    }
}

/// How fast a campaign may go.
package struct ThrottleSettings: Hashable, Sendable, Codable {
    /// Messages a minute over each adapter; `nil`: as fast as it takes them.
    package var perMinute: Int?
    /// Messages a minute to each recipient domain.
    package var perDomainPerMinute: Int?

    package init(perMinute: Int? = nil, perDomainPerMinute: Int? = nil) {
        self.perMinute = perMinute
        self.perDomainPerMinute = perDomainPerMinute
    }
}
