/// What a provider's receipt, a bounce or a complaint says of a message that we sent.
package struct DeliveryReport: Hashable, Sendable {
    package enum Outcome: String, Sendable, CaseIterable {
        case accepted
        /// Tried, not yet delivered; the provider keeps trying. Changes no state.
        case deferred
        case delivered
        /// Refused for good by the receiving side.
        case bounced
        /// Given up by the provider: expired, rejected before it left, no route.
        case failed
        /// Marked as spam by the recipient (RFC 5965).
        case complained
        case unknown
    }

    package var outcome: Outcome
    /// Whether the address itself is bad, so that it must not be used again (a hard bounce).
    package var addressIsBad: Bool
    /// The provider's status or the enhanced status code (RFC 3463): `5.1.1`, `16`.
    package var code: String?
    /// The provider's words. May hold an address: kept in the log, never in logs of the program.
    package var diagnostic: String?
    /// Whether it shows that it comes from where the message went. One that only has a name of the message which others
    /// have seen changes nothing: whoever got an answer could have written it.
    package var isProven: Bool

    package init(
        outcome: Outcome, addressIsBad: Bool = false, code: String? = nil, diagnostic: String? = nil,
        isProven: Bool = true
    ) {
        self.outcome = outcome
        self.addressIsBad = addressIsBad
        self.code = code
        self.diagnostic = diagnostic
        self.isProven = isProven
    }
}
