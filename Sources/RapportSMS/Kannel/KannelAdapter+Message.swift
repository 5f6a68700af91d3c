import RapportChannels
import RapportCore

extension KannelAdapter {
    /// An incoming message: `from`, `text` and, as far as Kannel knows them, `to`, `charset`, `id`, `time`, `smsc`.
    func message(_ fields: FormFields) throws(InboundRejection) -> InboundEvent {
        let sender = try fields.required("from")
        guard let bytes = try fields.bytes("text") else {
            throw InboundRejection(.malformed, "query: expected text")
        }
        let charset = KannelCharset(name: try fields.text("charset") ?? "UTF-8")
        guard let text = charset.decode(bytes) else {
            throw InboundRejection(.malformed, "query: text is not in the charset it names")
        }
        var event = InboundEvent(kind: .messageReceived, channel: .sms)
        event.sourceID = try fields.filled("id").map { "mo:\($0)" }
        event.occurredAt = try Self.time(fields)
        event.customerAddresses = [RawAddress(.tel, sender)]
        event.from = sender
        event.to = try fields.filled("to")
        event.text = text
        for name in ["smsc", "udh", "service"] {
            event.attributes[name] = try fields.filled(name)
        }
        if charset == .binary { event.attributes["binary"] = Hex.encode(bytes) }
        event.requests = configuration.keywords.request(in: text).map { [$0] } ?? []
        return event
    }

    /// Whole seconds since 1970 (`%T`); anything else is left out, because the hub's own clock is good enough.
    static func time(_ fields: FormFields) throws(InboundRejection) -> Timestamp? {
        guard let text = try fields.filled("time"), let seconds = Int64(text), (0...253_402_300_799).contains(seconds)
        else { return nil }
        return Timestamp(seconds: seconds)
    }
}
