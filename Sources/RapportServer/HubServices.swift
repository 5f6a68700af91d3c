package import Logging
package import RapportChannels
package import RapportCore
package import RapportHub
package import RapportLog

/// Everything of the hub that the routes call.
package struct HubServices: Sendable {
    package typealias Store = CustomerStoring & LogReading & FollowUpReading & DispatchStoring & CampaignStoring
        & IntakeStoring & IdempotencyStoring

    package var store: any Store
    /// The way into the log: the intake, with whatever stands before it.
    package var sink: any EventSink
    /// Adapters that providers call at `/in/{name}`.
    package var inbound: [any InboundAdapter]
    package var campaigns: CampaignCourse
    package var messages: MessageDesk
    package var preferences: PreferenceDesk
    package var policy: PolicyHolder
    /// A desk whose acts bear this author's name.
    package var customers: @Sendable (_ author: String) -> CustomerDesk
    package var normalizer: any AddressNormalizing
    /// For numbers without a country code.
    package var region: String
    package var tokens: DispatchTokens
    package var metrics: PrometheusRegistry
    /// Brings the gauges up to date; asked by `/metrics`.
    package var measure: @Sendable () async -> Void
    package var clock: Clock
    package var logger: Logger
    /// What keeps the hub from doing its work, in words without secrets; empty when nothing does. Asked by `/readyz`.
    package var readiness: @Sendable () async -> [String]

    package init(
        store: any Store, sink: any EventSink, inbound: [any InboundAdapter], campaigns: CampaignCourse,
        messages: MessageDesk, preferences: PreferenceDesk, policy: PolicyHolder,
        customers: @escaping @Sendable (_ author: String) -> CustomerDesk, normalizer: any AddressNormalizing,
        region: String, tokens: DispatchTokens, metrics: PrometheusRegistry,
        measure: @escaping @Sendable () async -> Void = {}, clock: @escaping Clock, logger: Logger,
        readiness: @escaping @Sendable () async -> [String]
    ) {
        self.store = store
        self.sink = sink
        self.inbound = inbound
        self.campaigns = campaigns
        self.messages = messages
        self.preferences = preferences
        self.policy = policy
        self.customers = customers
        self.normalizer = normalizer
        self.region = region
        self.tokens = tokens
        self.metrics = metrics
        self.measure = measure
        self.clock = clock
        self.logger = logger
        self.readiness = readiness
    }
}
