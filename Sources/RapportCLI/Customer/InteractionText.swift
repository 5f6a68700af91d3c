import RapportChannels
import RapportCore
import RapportHub

/// Interactions as rows of a timeline and as JSON.
enum InteractionText {
    static func table(_ rows: [Interaction]) -> Table {
        var table = Table(["ID", "WHEN", "CHANNEL", "", "WHAT", "SAID"])
        for row in rows {
            table.add([
                row.id.description, LocalTime.minute(row.occurredAt), row.channel.rawValue, arrow(row.direction),
                row.kind.rawValue, summary(row),
            ])
        }
        return table
    }

    private static func arrow(_ direction: Direction) -> String {
        switch direction {
        case .inbound: "←"
        case .outbound: "→"
        case .internal: "·"
        }
    }

    /// What was said, or else what the row is about, on one line.
    static func summary(_ row: Interaction) -> String {
        let said = [row.subject, row.text].compactMap { $0 }.first { !$0.isEmpty }
        let words = said.map { $0.prefix(400).split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        var parts = row.sandboxNote.map { [String($0.prefix(60))] } ?? []
        parts += words.map { ["“\($0.prefix(160))”"] } ?? []
        parts += row.references.campaign.map { ["campaign \($0)"] } ?? []
        parts += row.references.dispatch.map { [$0.description] } ?? []
        if [.suppressionAdded, .suppressionLifted].contains(row.kind), let address = row.to { parts.append(address) }
        if words == nil {
            let attributes = row.attributes.filter { $0.key != "sandbox" && $0.value != row.sandboxNote }
            parts += attributes.sorted { $0.key < $1.key }.prefix(6).map { "\($0.key) \($0.value.prefix(60))" }
        }
        return parts.joined(separator: ", ")
    }

    /// - Parameter payload: whether the bytes as they came are written too, in Base64.
    static func fields(_ row: Interaction, payload: Bool = false) -> [(String, JSONField)] {
        let references = row.references
        var fields: [(String, JSONField)] = [
            ("id", .text(row.id.description)), ("customer", JSONField(row.customer?.description)),
            ("channel", .text(row.channel.rawValue)), ("adapter", .text(row.adapter)),
            ("direction", .text(row.direction.rawValue)), ("kind", .text(row.kind.rawValue)),
            ("occurredAt", JSONField(row.occurredAt)), ("recordedAt", JSONField(row.recordedAt)),
            ("from", JSONField(row.from)), ("to", JSONField(row.to)), ("subject", JSONField(row.subject)),
            ("text", JSONField(row.text)), ("attributes", JSONField(row.attributes)),
            ("sourceID", JSONField(row.sourceID)), ("campaign", JSONField(references.campaign)),
            ("occurrence", JSONField(references.occurrence)),
            ("dispatch", JSONField(references.dispatch?.description)),
            ("conversation", JSONField(references.conversation)),
            ("inReplyTo", JSONField(references.inReplyTo?.description)),
        ]
        if payload {
            fields.append(
                (
                    "payload",
                    row.payload.map { .object([("type", .text($0.type)), ("base64", .text($0.bytes.base64))]) }
                        ?? .null
                ))
        }
        return fields
    }
}
