/// Where adapters put their events: the intake. It returns when the events are committed and synced, and not before.
package protocol EventSink: Sendable {
    /// - Returns: one result for each event, in order.
    /// - Throws: `EventSinkError` when nothing was stored; the sender must be told to try again.
    func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent]

    /// Takes what several senders brought at the same time; what fails because of one of them fails for that one alone.
    ///
    /// - Returns: for each delivery what it would have been told by itself, in order.
    func submit(_ deliveries: [InboundDelivery]) async -> [Result<[CommittedEvent], EventSinkError>]
}

extension EventSink {
    package func submit(_ deliveries: [InboundDelivery]) async -> [Result<[CommittedEvent], EventSinkError>] {
        var results: [Result<[CommittedEvent], EventSinkError>] = []
        for delivery in deliveries {
            do throws(EventSinkError) {
                results.append(.success(try await submit(delivery)))
            } catch {
                results.append(.failure(error))
            }
        }
        return results
    }

    package func submit(
        _ events: [InboundEvent], adapter: String, region: String?
    ) async throws(EventSinkError) -> [CommittedEvent] {
        try await submit(InboundDelivery(events: events, adapter: adapter, region: region))
    }
}

/// Why events could not be taken now. Always worth another try: 503 with Retry-After, or 451.
package enum EventSinkError: String, Error, Hashable, Sendable {
    /// Too much is waiting already.
    case busy
    /// The store can't write: full disk, locked, lost.
    case storeUnavailable = "store-unavailable"
    case shuttingDown = "shutting-down"
}
