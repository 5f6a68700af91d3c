import RapportChannels
import RapportCore

/// The raw payloads of the events that came in one list: of each the bytes that are its own, as they came, within those
/// that stand around the list (the envelope).
///
/// Nothing of another event is in it: each row must stand for itself when a customer is erased.
struct BatchPayloads {
    private let body: [UInt8]
    private let items: [Range<Int>]
    /// How many events, from the first, carry the envelope.
    private let enveloped: Int

    /// - Parameters:
    ///   - items: where the events stand in the body.
    ///   - limit: of a body. An envelope that would take more than that in all rows together is kept with the first
    ///     event only, so that a request never takes much more room than it may have itself.
    init(_ body: [UInt8], items: [Range<Int>], hasEnvelope: Bool, limit: Int) {
        self.body = body
        self.items = items
        guard hasEnvelope, let first = items.first, let last = items.last else {
            enveloped = 0
            return
        }
        let envelope = body.count - (last.upperBound - first.lowerBound)
        enveloped = envelope * (items.count - 1) <= limit ? items.count : 1
    }

    func put(into event: inout InboundEvent, index: Int, type: String) {
        var bytes: [UInt8] = []
        let own = body[items[index]]
        if index < enveloped {
            bytes += body[..<items[0].lowerBound]
            event.ownRange = bytes.count..<bytes.count + own.count
            bytes += own
            bytes += body[items[items.count - 1].upperBound...]
        } else {
            bytes += own
        }
        event.payload = Interaction.Payload(type: type, bytes: bytes)
    }
}
