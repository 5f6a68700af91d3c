import Foundation
import RapportCore
import RapportYAML

/// Looks for what would keep a campaign from being sent, without a store and without its audience.
package enum CampaignCheck {
    /// - Throws: the first problem, for those who send.
    static func check(_ definition: CampaignDefinition, routes: RouteTable, topics: [String]) throws(CampaignError) {
        if let first = problems(of: definition, routes: routes, topics: topics).first { throw first.error }
    }

    /// Everything that is wrong with a campaign's folder, each at its place, for those who write it.
    ///
    /// - Parameter topics: names of the policy's; `nil`: not compared.
    package static func problems(of folder: CampaignFolder, routes: RouteTable, topics: [String]?) -> [any Error] {
        do {
            let definition = try folder.load()
            let file = try folder.file()
            var found: [any Error] = problems(of: definition, routes: routes, topics: topics).map { problem in
                (file[problem.key] ?? file.place).problem(problem.error.description)
            }
            if case .csv(let name) = definition.audience,
                !FileManager.default.isReadableFile(atPath: "\(folder.path)/\(name)")
            {
                let place = try file["audience"]?.openMapping()["csv"] ?? file.place
                found.append(place.problem("the file ‘\(name)’ is not in the campaign's folder"))
            }
            return found + CampaignTemplates.problems(of: definition, folder: folder.path)
        } catch {
            return [error]
        }
    }

    /// Each with the key of `campaign.yaml` that it is about.
    private static func problems(
        of definition: CampaignDefinition, routes: RouteTable, topics: [String]?
    ) -> [(key: String, error: CampaignError)] {
        var found: [(key: String, error: CampaignError)] = []
        for channel in definition.channels
        where definition.adapters[channel.rawValue] == nil && routes.adapters[channel]?.isEmpty != false {
            found.append(("channels", .noAdapter(channel: channel)))
        }
        for (name, adapter) in definition.adapters.sorted(by: { $0.key < $1.key }) {
            guard let channel = definition.channels.first(where: { $0.rawValue == name }) else {
                found.append(("adapters", .unusedAdapter(channel: name, used: definition.channels)))
                continue
            }
            let known = routes.adapters[channel] ?? []
            guard !known.contains(adapter) else { continue }
            found.append(("adapters", .unknownAdapter(adapter, channel: channel, known: known)))
        }
        if let topics, !topics.contains(definition.topic) {
            found.append(("topic", .unknownTopic(definition.topic, known: topics)))
        }
        return found
    }
}
