import RapportChannels
package import RapportCore

/// Interactions as other systems get them: one JSON body for a stretch of the log.
///
/// ```
/// {"type":"rapport.interactions","timestamp":"…","data":{"first":"i7","last":"i9","interactions":[…]}}
/// ```
/// The same stretch always makes the same id, so a receiver that remembers ids takes each batch once.
package struct FeedBatch: Hashable, Sendable {
    /// `feed-NAME-i7-i9`
    package let id: String
    /// Position of the last interaction in it: where the cursor stands once it is delivered.
    package let last: InteractionID
    package let count: Int
    package let body: [UInt8]

    /// As many of the interactions as fit, at least one.
    ///
    /// - Parameters:
    ///   - interactions: in log order.
    ///   - limit: bytes of the body, about.
    /// - Returns: `nil` when there are none.
    package init?(feed: String, interactions: [Interaction], at now: Timestamp, limit: Int = 256 << 10) {
        var texts: [String] = []
        var size = 0
        for interaction in interactions {
            let text = interaction.feedJSON.text
            guard texts.isEmpty || size + text.utf8.count <= limit else { break }
            texts.append(text)
            size += text.utf8.count + 1
        }
        guard let first = interactions.first?.id, !texts.isEmpty else { return nil }
        last = interactions[texts.count - 1].id
        count = texts.count
        id = "feed-\(feed)-\(first)-\(last)"
        let head =
            #"{"type":"rapport.interactions","timestamp":"\#(now)","data":{"first":"\#(first)","last":"\#(last)""#
        body = Array("\(head),\"interactions\":[\(texts.joined(separator: ","))]}}".utf8)
    }
}

extension Interaction {
    /// What leaves the hub of an interaction: everything but the raw payload and the effects.
    var feedJSON: JSONValue {
        var members: [JSONValue.Member] = [
            JSONValue.Member("id", .string(id.description)), JSONValue.Member("kind", .string(kind.rawValue)),
            JSONValue.Member("channel", .string(channel.rawValue)), JSONValue.Member("adapter", .string(adapter)),
            JSONValue.Member("direction", .string(direction.rawValue)),
            JSONValue.Member("occurredAt", .string(occurredAt.rfc3339)),
            JSONValue.Member("recordedAt", .string(recordedAt.rfc3339)),
        ]
        let optional: [(String, String?)] = [
            ("customer", customer?.description), ("from", from), ("to", to), ("subject", subject), ("text", text),
            ("sourceID", sourceID), ("campaign", references.campaign), ("occurrence", references.occurrence),
            ("dispatch", references.dispatch?.description), ("conversation", references.conversation),
            ("inReplyTo", references.inReplyTo?.description),
        ]
        members += optional.compactMap { name, value in value.map { JSONValue.Member(name, .string($0)) } }
        if !attributes.isEmpty {
            let sorted = attributes.sorted { $0.key < $1.key }
            members.append(
                JSONValue.Member("attributes", .object(sorted.map { JSONValue.Member($0.key, .string($0.value)) })))
        }
        return .object(members)
    }
}
