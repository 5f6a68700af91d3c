package import RapportHub

extension HubConfiguration {
    /// Which adapter carries which channel, in the order of the configuration.
    package var routes: RouteTable {
        RouteTable(
            adapters: adapters.reduce(into: [:]) { table, entry in
                guard let channel = entry.settings.outboundChannel else { return }
                table[channel, default: []].append(entry.name)
            })
    }
}
