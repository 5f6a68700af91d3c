package import RapportCore

/// What a customer can say yes or no to, as the policy file describes it.
package struct Topic: Hashable, Sendable {
    /// What has to be known before a message about the topic may go.
    package enum Consent: String, Sendable, CaseIterable {
        /// A yes.
        case optIn = "opt-in"
        /// No no.
        case optOut = "opt-out"
        /// Nothing, not even that there is no no.
        case none
    }

    package var name: String
    /// For people; the name when the file gives none.
    package var title: String
    package var consent: Consent
    /// Channels on which only a confirmed yes is one.
    package var doubleOptIn: Set<Channel>
    /// A yes given this long ago, or longer, is none any more; `nil`: it never ages.
    package var expireAfter: Span?
}
