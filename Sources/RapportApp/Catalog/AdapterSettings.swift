package import Logging
package import RapportChannels
package import RapportCore
package import RapportHub
package import RapportYAML

/// What stands in the configuration for one adapter, and how the adapter is made of it.
package protocol AdapterSettings: Sendable {
    /// As `type:` names it.
    static var type: String { get }
    /// The keys it takes, besides `type`.
    static var keys: [String] { get }
    /// The channel it sends over; `nil` when it only takes.
    var outboundChannel: Channel? { get }
    /// The addresses that it can send to; `nil`: all that its channel may go to.
    var reachableSchemes: Set<Address.Scheme>? { get }
    /// Key and value, for `rapport config show`; secrets by where they are kept.
    var described: [(key: String, value: String)] { get }

    /// - Throws: `YAMLProblem` at the first thing that is wrong.
    init(_ config: YAMLMapping, folder: String) throws

    /// Everything that stands elsewhere and is not as it must be: secrets, certificates, menus. Nothing is started.
    ///
    /// - Parameters:
    ///   - templates: the folder of the configuration.
    ///   - topics: of the contact policy; `nil` when there is none to compare with.
    func check(templates: String, topics: [String]?) -> [any Error]

    /// - Throws: what `check` would have found.
    func build(_ context: BuildContext) throws -> BuiltAdapter
}

extension AdapterSettings {
    package var reachableSchemes: Set<Address.Scheme>? { nil }

    /// What each step throws.
    func failures(_ steps: (() throws -> Void)...) -> [any Error] {
        steps.compactMap { step in
            do {
                try step()
                return nil
            } catch {
                return error
            }
        }
    }
}

/// What adapters are made with.
package struct BuildContext: Sendable {
    package var name: String
    package var publicURL: String
    /// Where this hub itself listens.
    package var localURL: String
    package var tokens: DispatchTokens
    package var http: any HTTPCalling
    package var sink: any EventSink
    package var templates: String
    /// Topics of the contact policy.
    package var topics: [String]
    package var clock: Clock
    package var logger: Logger
}

/// An adapter, ready to run; one type may be several of these at once.
package struct BuiltAdapter: Sendable {
    package var inbound: (any InboundAdapter)?
    package var outbound: (any OutboundAdapter)?
    package var feed: (any FeedReceiver)?
    package var service: (any ChannelService)?

    package init(
        inbound: (any InboundAdapter)? = nil, outbound: (any OutboundAdapter)? = nil,
        feed: (any FeedReceiver)? = nil, service: (any ChannelService)? = nil
    ) {
        self.inbound = inbound
        self.outbound = outbound
        self.feed = feed
        self.service = service
    }
}
