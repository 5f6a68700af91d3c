package import RapportCore

/// What is known of one customer, all of it at the same moment.
package struct CustomerOverview: Hashable, Sendable {
    package var customer: Customer
    /// Of all their addresses.
    package var facts: ContactFacts
    /// Those that are open, in the order of `FollowUpReading.followUps`.
    package var followUps: [FollowUp]
    /// The latest first, without payloads and effects.
    package var timeline: [Interaction]

    package init(customer: Customer, facts: ContactFacts, followUps: [FollowUp], timeline: [Interaction]) {
        self.customer = customer
        self.facts = facts
        self.followUps = followUps
        self.timeline = timeline
    }

    /// Whose overview is asked for.
    package enum Subject: Hashable, Sendable {
        case customer(CustomerID)
        /// Everybody who has the address, the one with the latest contact over it first, up to a number.
        case holders(of: Address, limit: Int)
    }

    /// How much of a long history is read.
    package struct Limits: Hashable, Sendable {
        package var followUps: Int
        package var timeline: Int

        package init(followUps: Int, timeline: Int) {
            self.followUps = followUps
            self.timeline = timeline
        }
    }
}
