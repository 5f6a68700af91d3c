package import RapportCore
package import RapportLog

/// Which adapters carry which channel, as the configuration lists them.
package struct RouteTable: Hashable, Sendable {
    /// By channel, in the order of the configuration.
    package var adapters: [Channel: [String]]
    /// Where an adapter can send to fewer addresses than its channel may go to: which ones.
    package var schemes: [String: Set<Address.Scheme>]

    package init(adapters: [Channel: [String]], schemes: [String: Set<Address.Scheme>] = [:]) {
        self.adapters = adapters
        self.schemes = schemes
    }

    /// Of all adapters.
    package var names: Set<String> { Set(adapters.values.joined()) }

    /// Addresses of one channel that are tried one after the other.
    private static let addressesPerChannel = 3

    /// Where a message may go to this customer, in order of preference.
    ///
    /// - Parameter address: only this one of the customer's; `nil`: any.
    package func routes(
        to customer: Customer, channels: [Channel], named: [String: String] = [:], address: Address? = nil
    ) -> [Route] {
        channels.flatMap { channel -> [Route] in
            guard let adapter = named[channel.rawValue] ?? adapters[channel]?.first else { return [] }
            let reachable = schemes[adapter]
            return customer.addresses.filter {
                $0.scheme.carries(channel) && reachable?.contains($0.scheme) != false
                    && (address == nil || $0 == address)
            }
            .prefix(Self.addressesPerChannel)
            .map { Route(channel: channel, adapter: adapter, address: $0) }
        }
    }
}
