package import RapportCore

/// One message to one address, rendered and allowed: what an adapter sends.
package struct OutboundMessage: Hashable, Sendable {
    /// Makes the send exact: the Message-ID, the return path and the receipt's URL are derived from it.
    package var dispatch: DispatchID
    package var customer: CustomerID
    package var channel: Channel
    package var messageClass: MessageClass
    package var topic: String
    package var campaign: String?
    package var to: Address
    /// The place of this way among the dispatch's, where it may go to several addresses of the channel; `nil` where it can't.
    /// What comes back later has to tell which of them it is about.
    package var route: Int?
    /// The recipient's name, when known.
    package var toName: String?
    package var content: Content
    /// The recipient's own unsubscribe page, which also takes one-click POSTs (RFC 8058). `nil` for messages that can't
    /// be unsubscribed from.
    package var unsubscribeURL: String?
    /// Whether it answers a message by itself (RFC 3834: `Auto-Submitted: auto-replied`).
    package var isAutomaticReply: Bool
    /// Whether a person wrote it to this customer, so that nothing says a machine did.
    package var isPersonal: Bool
    /// Message-IDs of the thread that it continues, the oldest first.
    package var thread: [String]
    package var createdAt: Timestamp
    /// Not worth delivering after this.
    package var expiresAt: Timestamp?

    package enum Content: Hashable, Sendable {
        case email(EmailContent)
        /// The text of an SMS.
        case text(String)
        /// The JSON of a webhook, and its event type.
        case event(type: String, json: String)
    }

    package init(
        dispatch: DispatchID, customer: CustomerID, channel: Channel, messageClass: MessageClass, topic: String,
        campaign: String? = nil, to: Address, route: Int? = nil, toName: String? = nil, content: Content,
        unsubscribeURL: String? = nil, isAutomaticReply: Bool = false, isPersonal: Bool = false, thread: [String] = [],
        createdAt: Timestamp, expiresAt: Timestamp? = nil
    ) {
        self.dispatch = dispatch
        self.customer = customer
        self.channel = channel
        self.messageClass = messageClass
        self.topic = topic
        self.campaign = campaign
        self.to = to
        self.route = route
        self.toName = toName
        self.content = content
        self.unsubscribeURL = unsubscribeURL
        self.isAutomaticReply = isAutomaticReply
        self.isPersonal = isPersonal
        self.thread = thread
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// What stands in a mail; headers that identify or route it are the adapter's.
package struct EmailContent: Hashable, Sendable {
    /// Overrides the adapter's sender: `Rapport <news@example.com>`.
    package var from: String?
    package var replyTo: String?
    package var subject: String
    package var text: String
    package var html: String?
    package var attachments: [Attachment]

    package struct Attachment: Hashable, Sendable {
        package var name: String
        package var type: String
        package var bytes: [UInt8]

        package init(name: String, type: String, bytes: [UInt8]) {
            self.name = name
            self.type = type
            self.bytes = bytes
        }
    }

    package init(
        from: String? = nil, replyTo: String? = nil, subject: String, text: String, html: String? = nil,
        attachments: [Attachment] = []
    ) {
        self.from = from
        self.replyTo = replyTo
        self.subject = subject
        self.text = text
        self.html = html
        self.attachments = attachments
    }
}
