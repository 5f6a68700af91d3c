package import RapportCore

/// What the store knows about a batch of events, read inside the transaction that will commit them.
///
/// The deciding code changes this value as it goes, so that the second event of a batch sees what the first one did.
package struct IntakeFacts: Sendable {
    /// The position that the next appended interaction gets. Take positions with `takePosition()`, in the order in
    /// which the interactions are returned.
    package var nextPosition: Int64
    /// Customers by address, merged ones already replaced by the one that stands for them, erased ones left out;
    /// the one with the latest contact over that address first. The address of an item's dispatch, and those of its
    /// earlier routes, are among them when the item wants all addresses.
    package var customersByAddress: [Address: [CustomerID]]
    /// Every customer named by an address, an item, a dispatch or a conversation of this batch. Their addresses are those
    /// that items of the batch name, or all of them, when an item wants all. They have their profiles when an item wants
    /// one; without that, none has: an earlier event of the batch may make a customer that of a later one.
    package var customers: [CustomerID: Customer]
    package var dispatches: [DispatchReference: DispatchSummary]
    /// Conversations by the names that events answer.
    package var conversations: [String: KnownConversation]
    /// Of what customers are waiting for, that which an event of this batch could be about: the conversations that its
    /// items name or answer, or that the hub has with their customers (`ConversationName`), and the kinds of follow-ups
    /// that its items open.
    package var openFollowUps: Set<OpenFollowUp>
    /// Of the follow-ups that items name by their ids, those that are open.
    package var openFollowUpIDs: Set<FollowUpID>
    /// Campaigns that reached these customers lately (`IntakeQuery.campaignsSince`), the latest first; nothing when no
    /// item of the batch is an answer.
    package var recentCampaigns: [CustomerID: [CampaignContact]]
    /// Those merged into these customers who asked for a rest or have quiet hours of their own, by who stands for them,
    /// without their addresses; nothing when the customers have no profiles.
    package var restingMembers: [CustomerID: [Customer]]
    /// Suppressions of the addresses of those items that want them, ended ones included, in the order of the log. One
    /// that stands for an erased customer's address is among them under its pseudonym: it can't be lifted.
    package var suppressions: [Address: [Suppression]]

    package init(
        nextPosition: Int64, customersByAddress: [Address: [CustomerID]] = [:],
        customers: [CustomerID: Customer] = [:], dispatches: [DispatchReference: DispatchSummary] = [:],
        conversations: [String: KnownConversation] = [:], openFollowUps: Set<OpenFollowUp> = [],
        openFollowUpIDs: Set<FollowUpID> = [],
        recentCampaigns: [CustomerID: [CampaignContact]] = [:], restingMembers: [CustomerID: [Customer]] = [:],
        suppressions: [Address: [Suppression]] = [:]
    ) {
        self.nextPosition = nextPosition
        self.customersByAddress = customersByAddress
        self.customers = customers
        self.dispatches = dispatches
        self.conversations = conversations
        self.openFollowUps = openFollowUps
        self.openFollowUpIDs = openFollowUpIDs
        self.recentCampaigns = recentCampaigns
        self.restingMembers = restingMembers
        self.suppressions = suppressions
    }

    /// Whether somebody has this address.
    package func isKnown(_ address: Address) -> Bool { customersByAddress[address]?.isEmpty == false }

    package mutating func takePosition() -> Int64 {
        defer { nextPosition += 1 }
        return nextPosition
    }
}

/// A conversation that went on under some name.
package struct KnownConversation: Hashable, Sendable {
    package var conversation: String
    /// Whose the row was that had this name.
    package var customer: CustomerID?

    package init(_ conversation: String, customer: CustomerID? = nil) {
        self.conversation = conversation
        self.customer = customer
    }
}

/// That a customer waits for something in a conversation.
package struct OpenFollowUp: Hashable, Sendable {
    /// The one that stands for whoever it was opened for.
    package var customer: CustomerID
    package var conversation: String
    package var kind: String

    package init(customer: CustomerID, conversation: String, kind: String) {
        self.customer = customer
        self.conversation = conversation
        self.kind = kind
    }
}

/// What the intake needs to know of a dispatch that an event refers to.
package struct DispatchSummary: Hashable, Sendable {
    package var id: DispatchID
    package var customer: CustomerID
    package var address: Address
    package var channel: Channel
    package var adapter: String
    package var messageClass: MessageClass
    package var topic: String
    package var campaign: String?
    package var occurrence: String?
    package var state: DispatchState
    /// The place of the route that it takes now among all of them.
    package var route: Int
    /// The routes before that one, which it may have left over; none of one whose customer was erased.
    package var earlier: [Route]

    package init(
        id: DispatchID, customer: CustomerID, address: Address, channel: Channel, adapter: String,
        messageClass: MessageClass, topic: String, campaign: String?, occurrence: String?, state: DispatchState,
        route: Int = 0, earlier: [Route] = []
    ) {
        self.id = id
        self.customer = customer
        self.address = address
        self.channel = channel
        self.adapter = adapter
        self.messageClass = messageClass
        self.topic = topic
        self.campaign = campaign
        self.occurrence = occurrence
        self.state = state
        self.route = route
        self.earlier = earlier
    }
}

/// That a campaign's message left for a customer.
package struct CampaignContact: Hashable, Sendable {
    package var dispatch: DispatchID
    package var campaign: String
    package var occurrence: String?
    package var channel: Channel
    package var at: Timestamp

    package init(dispatch: DispatchID, campaign: String, occurrence: String?, channel: Channel, at: Timestamp) {
        self.dispatch = dispatch
        self.campaign = campaign
        self.occurrence = occurrence
        self.channel = channel
        self.at = at
    }
}
