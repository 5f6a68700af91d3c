import RapportChannels
import RapportCore

extension KannelAdapter {
    /// An incoming message: `from`, `text` and, as far as Kannel knows them, `to`, `charset`, `id`, `time`, `smsc`.
    ///
    /// Kannel asks once and drops what is refused, so only what its own settings leave out is: whatever a customer's
    /// telephone put into a message, it is logged, and the payload keeps what could not be read.
    func message(_ fields: FormFields) throws(InboundRejection) -> InboundEvent {
        let sender = try Self.required("from", of: fields)
        guard let bytes = try fields.bytes("text") else {
            throw InboundRejection(.malformed, "query: expected text")
        }
        let charset = KannelCharset(name: try fields.legible("charset") ?? "UTF-8")
        let text = charset.decode(bytes)
        var event = InboundEvent(kind: .messageReceived, channel: .sms)
        event.sourceID = try fields.legible("id").map { "mo:\($0)" }
        event.occurredAt = try Self.time(fields)
        event.customerAddresses = [RawAddress(.tel, sender)]
        event.from = sender
        event.to = try fields.legible("to")
        event.text = text
        for name in ["smsc", "service"] {
            event.attributes[name] = try fields.legible(name)
        }
        // A user data header (3GPP TS 23.040, 9.2.3.24) is bytes, of long messages with one beyond ASCII quite often.
        if let header = try fields.bytes("udh"), !header.isEmpty { event.attributes["udh"] = Hex.encode(header) }
        if charset == .binary { event.attributes["binary"] = Hex.encode(bytes) }
        event.requests = configuration.keywords.request(in: text).map { [$0] } ?? []
        return event
    }

    /// Whole seconds since 1970 (`%T`); anything else is left out, because the hub's own clock is good enough.
    static func time(_ fields: FormFields) throws(InboundRejection) -> Timestamp? {
        guard let text = try fields.legible("time"), let seconds = Int64(text), (0...253_402_300_799).contains(seconds)
        else { return nil }
        return Timestamp(seconds: seconds)
    }

    static func required(_ name: String, of fields: FormFields) throws(InboundRejection) -> String {
        guard let text = try fields.legible(name) else { throw InboundRejection(.malformed, "query: expected \(name)") }
        return text
    }
}
