package import RapportCore

/// Something a provider, a mail server or a telephone exchange told us, in our own words but not yet in the log.
///
/// The intake resolves the customer, drops repetitions, appends the row and applies its effects; an adapter only says
/// what happened.
package struct InboundEvent: Hashable, Sendable {
    package var kind: InteractionKind
    package var channel: Channel
    package var direction: Direction
    /// The provider's own id of this event, stable over repeated deliveries. An event about another thing (a receipt
    /// about a message) needs one of its own, such as the message's id and the status together. `nil` when the source
    /// has none: the intake then keys the event by adapter, sender and `ownBytes` within a window.
    package var sourceID: String?
    /// By the source's clock; `nil` when it gives none.
    package var occurredAt: Timestamp?
    /// The customer's addresses as the event names them, the most telling first: the sender of a message, the
    /// recipient of a receipt, the caller of a call that came in.
    package var customerAddresses: [RawAddress]
    /// The customer, when the event knows it without an address: a preference page, a colleague.
    package var customer: CustomerID?
    /// As the event writes them, for the log.
    package var from: String?
    package var to: String?
    package var subject: String?
    package var text: String?
    /// BCP 47 tag when the source tells.
    package var language: String?
    /// Whatever else is worth keeping, with short names of our own or the provider's.
    package var attributes: [String: String]
    /// The message of ours that this is about or answers.
    package var dispatch: DispatchReference?
    /// Which way of that message's it is about (`OutboundMessage.route`), where that may go to several addresses;
    /// `nil`: it doesn't tell.
    package var route: Int?
    /// Whether whoever names the message so must be its recipient: a link or a mailbox for leaving was theirs alone, where a
    /// Message-ID is known to everybody who got a copy of an answer.
    package var isDispatchTheirs = true
    /// Whether its requests are told by a machine of somebody else's, as by a mailbox provider's report, which anybody can
    /// write: they count for the recipient of the message that it names, at that address, and for nobody else.
    package var isReported = false
    /// What a receipt says; `nil` for everything else.
    package var delivery: DeliveryReport?
    /// Asked of the hub by this event, such as STOP or a key press; the intake turns it into effects.
    package var requests: [CustomerRequest]
    /// Ties the events of one call or exchange together, such as `call:CA123`.
    package var conversation: String?
    /// Names of this message by which an answer will call it, such as its Message-ID.
    package var threadKeys: [String]
    /// Names of the messages that this one answers, the nearest first.
    package var answers: [String]
    package var payload: Interaction.Payload?
    /// Which of the payload's bytes are this event's alone, when around them stands what all events of one request
    /// share and what may differ when the event is delivered again; `nil`: all of them.
    package var ownRange: Range<Int>?

    /// The bytes by which an event without a source id is known again.
    package var ownBytes: ArraySlice<UInt8>? {
        payload.map { payload in ownRange.map { payload.bytes[$0] } ?? payload.bytes[...] }
    }

    package init(
        kind: InteractionKind, channel: Channel, direction: Direction = .inbound, sourceID: String? = nil,
        occurredAt: Timestamp? = nil, customerAddresses: [RawAddress] = [], customer: CustomerID? = nil,
        from: String? = nil, to: String? = nil,
        subject: String? = nil, text: String? = nil, language: String? = nil, attributes: [String: String] = [:],
        dispatch: DispatchReference? = nil, delivery: DeliveryReport? = nil, requests: [CustomerRequest] = [],
        conversation: String? = nil, threadKeys: [String] = [], answers: [String] = [],
        payload: Interaction.Payload? = nil
    ) {
        self.kind = kind
        self.channel = channel
        self.direction = direction
        self.sourceID = sourceID
        self.occurredAt = occurredAt
        self.customerAddresses = customerAddresses
        self.customer = customer
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.language = language
        self.attributes = attributes
        self.dispatch = dispatch
        self.delivery = delivery
        self.requests = requests
        self.conversation = conversation
        self.threadKeys = threadKeys
        self.answers = answers
        self.payload = payload
    }
}
