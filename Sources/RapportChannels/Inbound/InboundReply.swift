package import RapportCore

/// What the provider is answered once the events are committed.
package struct InboundReply: Hashable, Sendable {
    /// 2xx.
    package var status: Int
    package var contentType: String
    package var body: String

    package init(status: Int = 200, contentType: String = "application/json", body: String = "{\"status\":\"ok\"}") {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// What an adapter made of a request: the events to log, and how to answer when they are in the log.
package struct InboundResult: Sendable {
    package var events: [InboundEvent]
    /// Called after the commit with what became of each event, in order, so that an answer can depend on who the
    /// customer is (a telephone menu). Not called when the commit failed.
    package var reply: @Sendable ([CommittedEvent]) async -> InboundReply

    package init(
        events: [InboundEvent],
        reply: @escaping @Sendable ([CommittedEvent]) async -> InboundReply = { _ in InboundReply() }
    ) {
        self.events = events
        self.reply = reply
    }
}

/// What became of one event.
package struct CommittedEvent: Hashable, Sendable {
    package var interaction: InteractionID
    package var customer: CustomerID?
    /// It was in the log already; nothing changed.
    package var isRepetition: Bool
    /// The first of the event's addresses, normalized: where an answer goes.
    package var address: Address?
    /// From the customer's profile, for answers in their language.
    package var language: String?
    /// The colleague who answers for the customer.
    package var owner: String?

    /// Nobody knew the customer before this very event, whose position their id is.
    package var isFirstOfCustomer: Bool { customer?.number == interaction.number }

    package init(
        interaction: InteractionID, customer: CustomerID?, isRepetition: Bool, address: Address? = nil,
        language: String? = nil,
        owner: String? = nil
    ) {
        self.interaction = interaction
        self.customer = customer
        self.isRepetition = isRepetition
        self.address = address
        self.language = language
        self.owner = owner
    }
}
