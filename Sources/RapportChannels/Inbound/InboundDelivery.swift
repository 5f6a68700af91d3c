/// What one sender brought in one go, such as the events of one request: all of them are taken or none.
package struct InboundDelivery: Sendable {
    package var events: [InboundEvent]
    /// The configured name, part of the key that finds repetitions.
    package var adapter: String
    /// For numbers without a country code; `nil`: the hub's.
    package var region: String?

    package init(events: [InboundEvent], adapter: String, region: String?) {
        self.events = events
        self.adapter = adapter
        self.region = region
    }
}
