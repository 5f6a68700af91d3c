import RapportChannels
import RapportCore
import RapportYAML

/// One event as another system posts it to `/v1/events`.
enum EventForm {
    private static let known = [
        "id", "kind", "occurredAt", "channel", "direction", "customer", "addresses", "from", "to", "subject", "text",
        "language", "attributes", "conversation",
    ]

    /// - Parameter bytes: what the value was read from; they are kept as they came.
    /// - Throws: `Problem` with the place.
    static func read(_ value: JSONValue, bytes: [UInt8], place: String) throws(Problem) -> InboundEvent {
        let fields = try FieldReader(value, place: place, known: known)
        let kind = try kind(fields)
        let channel = try fields.word("channel", among: Channel.allCases) ?? .desk
        let direction =
            try fields.word("direction", among: Direction.allCases)
            ?? (kind == .noteAdded ? .internal : kind == .messageSent ? .outbound : .inbound)
        let customer = try fields.id("customer", as: CustomerKind.self)
        let addresses = try fields.texts("addresses", count: 16, limit: 500) ?? []
        guard customer != nil || !addresses.isEmpty else {
            throw Problem.malformed(place, "expected a customer or at least one address")
        }
        return InboundEvent(
            kind: kind, channel: channel, direction: direction, sourceID: try fields.text("id", limit: 200),
            occurredAt: try fields.instant("occurredAt"), customerAddresses: addresses.map(RawAddress.init(guessing:)),
            customer: customer, from: try fields.text("from", limit: 500), to: try fields.text("to", limit: 500),
            subject: try fields.text("subject", limit: 1000), text: try fields.text("text", limit: 100_000),
            language: try fields.text("language", limit: 35), attributes: try fields.attributes("attributes") ?? [:],
            conversation: try fields.text("conversation", limit: 200),
            payload: Interaction.Payload(type: "application/json", bytes: bytes))
    }

    private static func kind(_ fields: FieldReader) throws(Problem) -> InteractionKind {
        let word = try fields.requiredText("kind", limit: 100)
        if let kind = InteractionKind(rawValue: word), kind.mayBeTold { return kind }
        let hint = NearestWord.hint(for: word, among: InteractionKind.told.map(\.rawValue) + ["event.NAME"])
        throw Problem.malformed(fields.place(of: "kind"), "not a kind that can be posted\(hint)")
    }
}
