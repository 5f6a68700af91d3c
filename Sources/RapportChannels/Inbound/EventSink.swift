/// Where adapters put their events: the intake. It returns when the events are committed and synced, and not before.
package protocol EventSink: Sendable {
    /// - Parameters:
    ///   - adapter: the configured name, part of the key that finds repetitions.
    ///   - region: for numbers without a country code; `nil`: the hub's.
    /// - Returns: one result for each event, in order.
    /// - Throws: `EventSinkError` when nothing was stored; the sender must be told to try again.
    func submit(
        _ events: [InboundEvent], adapter: String, region: String?
    ) async throws(EventSinkError) -> [CommittedEvent]
}

/// Why events could not be taken now. Always worth another try: 503 with Retry-After, or 451.
package enum EventSinkError: String, Error, Hashable, Sendable {
    /// Too much is waiting already.
    case busy
    /// The store can't write: full disk, locked, lost.
    case storeUnavailable = "store-unavailable"
    case shuttingDown = "shutting-down"
}
