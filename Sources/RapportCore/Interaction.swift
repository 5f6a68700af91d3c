/// One row of the log: something that happened with a customer, whichever channel it came through. Immutable.
package struct Interaction: Hashable, Sendable {
    /// The log position; assigned by the store in the order of commits.
    package var id: InteractionID
    /// `nil` when nothing in the event names anybody, such as a receipt for a message that we never sent.
    package var customer: CustomerID?
    package var channel: Channel
    /// The configured adapter it came through, or `hub`, `cli`, `api` for our own.
    package var adapter: String
    package var direction: Direction
    package var kind: InteractionKind
    /// By the source's clock; `recordedAt` when the source gives none.
    package var occurredAt: Timestamp
    /// By ours.
    package var recordedAt: Timestamp
    package var from: String?
    package var to: String?
    package var subject: String?
    package var text: String?
    package var attributes: [String: String]
    /// The provider's own id of the event; `(adapter, sourceID)` is unique in the log.
    package var sourceID: String?
    package var references: References
    /// The bytes as they came, for audit and replay.
    package var payload: Payload?
    /// What this row changes in the projections; replayed by `rapport rebuild`.
    package var effects: [Effect]

    package struct References: Hashable, Sendable, Codable {
        package var campaign: String?
        package var occurrence: String?
        package var dispatch: DispatchID?
        /// Ties the events of one call, the mails of one thread, the texts of one exchange together.
        package var conversation: String?
        /// The interaction this one answers.
        package var inReplyTo: InteractionID?

        package init(
            campaign: String? = nil, occurrence: String? = nil, dispatch: DispatchID? = nil,
            conversation: String? = nil, inReplyTo: InteractionID? = nil
        ) {
            self.campaign = campaign
            self.occurrence = occurrence
            self.dispatch = dispatch
            self.conversation = conversation
            self.inReplyTo = inReplyTo
        }
    }

    package struct Payload: Hashable, Sendable {
        /// Media type, such as `application/json` or `message/rfc822`.
        package var type: String
        package var bytes: [UInt8]

        package init(type: String, bytes: [UInt8]) {
            self.type = type
            self.bytes = bytes
        }
    }

    package init(
        id: InteractionID, customer: CustomerID?, channel: Channel, adapter: String, direction: Direction,
        kind: InteractionKind, occurredAt: Timestamp, recordedAt: Timestamp, from: String? = nil, to: String? = nil,
        subject: String? = nil, text: String? = nil, attributes: [String: String] = [:], sourceID: String? = nil,
        references: References = References(), payload: Payload? = nil, effects: [Effect] = []
    ) {
        self.id = id
        self.customer = customer
        self.channel = channel
        self.adapter = adapter
        self.direction = direction
        self.kind = kind
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.attributes = attributes
        self.sourceID = sourceID
        self.references = references
        self.payload = payload
        self.effects = effects
    }
}
