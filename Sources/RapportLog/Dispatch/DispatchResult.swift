package import RapportCore

/// What came of a claimed or handed-off dispatch.
package struct DispatchResult: Hashable, Sendable {
    package var id: DispatchID
    package var outcome: Outcome
    /// What the other side or the hub said, in short, without personal data.
    package var detail: String

    package enum Outcome: Hashable, Sendable {
        /// `accepted` or `delivered`; later receipts call it by `providerMessageID`.
        case sent(state: DispatchState, providerMessageID: String?)
        /// Waits for another try over the same route; counted as an attempt.
        case retry(at: Timestamp, rule: String)
        /// May have left, and waits to be sent again all the same; counted as an attempt.
        case `repeat`(at: Timestamp, rule: String)
        /// Failed for good on this route: planned again, due now, from this route on.
        case fallBack(toRoute: Int)
        case failed(rule: String)
        /// May have left.
        case unknown
        /// Was never handed off: planned again as it was.
        case released
    }

    package init(id: DispatchID, outcome: Outcome, detail: String = "") {
        self.id = id
        self.outcome = outcome
        self.detail = detail
    }
}

/// What a node that died had in hand.
package struct Recovery: Hashable, Sendable {
    /// Claimed and never handed off: planned again.
    package var released: Int
    /// Handed off: their fate is not known.
    package var unknown: Int
    /// Of those, the ones that may be repeated and are planned again.
    package var repeated: Int

    package init(released: Int = 0, unknown: Int = 0, repeated: Int = 0) {
        self.released = released
        self.unknown = unknown
        self.repeated = repeated
    }
}
