package import RapportHub

extension HubConfiguration {
    /// Which adapter carries which channel, in the order of the configuration, and to which addresses.
    package var routes: RouteTable {
        var table = RouteTable(adapters: [:])
        for entry in adapters {
            guard let channel = entry.settings.outboundChannel else { continue }
            table.adapters[channel, default: []].append(entry.name)
            table.schemes[entry.name] = entry.settings.reachableSchemes
        }
        return table
    }
}
