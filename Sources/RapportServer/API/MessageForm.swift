import RapportChannels
import RapportCore
import RapportHub

/// What `POST /v1/messages` is told.
struct MessageForm {
    enum Recipient {
        case customer(CustomerID)
        /// As it is written.
        case address(String)
    }

    var recipient: Recipient
    /// In order of preference.
    var channels: [Channel]
    var messageClass: MessageClass
    var topic: String
    var message: SingleMessage
    var expiresAt: Timestamp?
    var repeats: Bool
    var adapter: String?

    private static let known = [
        "customer", "address", "channels", "class", "topic", "subject", "text", "html", "closes", "conversation",
        "expiresAt", "repeats", "adapter",
    ]

    /// - Throws: `Problem` with the place.
    init(_ value: JSONValue, author: String) throws(Problem) {
        let fields = try FieldReader(value, known: Self.known)
        switch (try fields.id("customer", as: CustomerKind.self), try fields.text("address", limit: 500)) {
        case (let id?, nil): recipient = .customer(id)
        case (nil, let address?): recipient = .address(address)
        default: throw Problem.malformed("$", "expected either a customer or an address")
        }
        channels = []
        for (index, item) in (try fields.list("channels", limit: 4) ?? []).enumerated() {
            let place = "\(fields.place(of: "channels"))[\(index)]"
            let channel = try FieldReader.word(item, place: place, among: Channel.outbound)
            guard !channels.contains(channel) else { throw Problem.malformed(place, "a channel stands here twice") }
            channels.append(channel)
        }
        guard !channels.isEmpty else { throw fields.missing("channels") }
        // Marketing goes through campaigns, where its audience can be seen before it goes.
        guard let messageClass = try fields.word("class", among: [MessageClass.transactional, .service]) else {
            throw fields.missing("class")
        }
        self.messageClass = messageClass
        topic = try fields.requiredText("topic", limit: 100)
        expiresAt = try fields.instant("expiresAt")
        repeats = try fields.bool("repeats") ?? false
        guard !repeats || messageClass == .transactional else {
            throw Problem.malformed(fields.place(of: "repeats"), "only a transactional message may repeat")
        }
        adapter = try fields.text("adapter", limit: 100)
        var closes: [FollowUpID] = []
        for (index, text) in (try fields.texts("closes", count: 50, limit: 20) ?? []).enumerated() {
            guard let id = FollowUpID(text) else {
                throw Problem.malformed("\(fields.place(of: "closes"))[\(index)]", "expected an id such as f42")
            }
            closes.append(id)
        }
        message = SingleMessage(
            subject: try fields.text("subject", limit: 998), text: try fields.requiredText("text", limit: 200_000),
            html: try fields.text("html", limit: 500_000), closes: closes,
            conversation: try fields.text("conversation", limit: 200), author: author)
    }
}
