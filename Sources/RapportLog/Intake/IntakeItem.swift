package import RapportCore

/// What the store must look up before the intake can decide about one event.
package struct IntakeItem: Hashable, Sendable {
    /// Finds repetitions; `nil` when the event can't repeat (a colleague's own act).
    package var key: RepetitionKey?
    /// The customer's addresses, normalized, the most telling first.
    package var addresses: [Address]
    /// A customer that the event names by itself, such as one who opened their preference page.
    package var customer: CustomerID?
    /// Further customers whom it is about, such as the one who is merged into that one.
    package var others: [CustomerID]
    /// A follow-up that it closes or assigns.
    package var followUp: FollowUpID?
    package var dispatch: DispatchReference?
    /// Names of the messages that it answers, and its conversation's own names.
    package var conversationKeys: [String]
    /// The name that its conversation has at the source.
    package var conversation: String?
    /// Whether it answers a campaign, whichever that is.
    package var isAnswer: Bool
    /// Whether all addresses of its customers count for it, and not only those that it names, and who has the address of
    /// its dispatch now, or one that this has left: they are many reads for something that few events need.
    package var wantsAllAddresses: Bool
    /// Whether more counts of its customers than who they are and whether they are erased: their profiles lie far from
    /// each other in a large store, and few events need them. One that names a customer always gets them.
    package var wantsProfile: Bool
    /// Whether the suppressions of its addresses count for it.
    package var wantsSuppressions: Bool
    /// The kind of the follow-up that it opens, unless one is open; `nil` for an event that opens none.
    package var followUpKind: String?

    package init(
        key: RepetitionKey?, addresses: [Address] = [], customer: CustomerID? = nil, others: [CustomerID] = [],
        followUp: FollowUpID? = nil, dispatch: DispatchReference? = nil, conversationKeys: [String] = [],
        conversation: String? = nil,
        isAnswer: Bool = false, wantsAllAddresses: Bool = true, wantsProfile: Bool = true,
        wantsSuppressions: Bool = false, followUpKind: String? = nil
    ) {
        self.key = key
        self.addresses = addresses
        self.customer = customer
        self.others = others
        self.followUp = followUp
        self.dispatch = dispatch
        self.conversationKeys = conversationKeys
        self.conversation = conversation
        self.isAnswer = isAnswer
        self.wantsAllAddresses = wantsAllAddresses
        self.wantsProfile = wantsProfile
        self.wantsSuppressions = wantsSuppressions
        self.followUpKind = followUpKind
    }
}

/// 128 bits of a cryptographic hash over what makes an event itself: `(adapter, sourceID)`, or adapter, sender and
/// content where the source gives no id.
package struct RepetitionKey: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64
    /// Two events with this key are the same only when the first was recorded less than this ago; `nil`: always.
    package var windowSeconds: Int64?

    package init(high: UInt64, low: UInt64, windowSeconds: Int64? = nil) {
        self.high = high
        self.low = low
        self.windowSeconds = windowSeconds
    }
}
