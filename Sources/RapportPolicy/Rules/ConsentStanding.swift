/// How a customer stands to a topic on a channel at an address, by the ledger: what the consent rule goes by.
package enum ConsentStanding: Hashable, Sendable {
    /// The policy doesn't have the topic.
    case unknownTopic
    /// The topic asks for no consent.
    case notAsked
    /// The customer said yes, and confirmed it where that is asked for; or, where only a no counts, said none.
    case agreed
    /// A no stands.
    case refused
    /// Nobody said yes.
    case ungranted
    /// A yes is there that counts as soon as it is confirmed (double opt-in).
    case unconfirmed
    /// A yes is there that is too old.
    case expired
}
