import RapportCore

/// Looks for what would keep a campaign from being sent, without a store and without its audience.
package enum CampaignCheck {
    /// - Parameter topics: names of the policy's; `nil`: not compared.
    /// - Throws: the first problem: an adapter that is not there, a topic that the policy does not have, a template that
    ///   can't be read.
    package static func check(
        _ definition: CampaignDefinition, routes: RouteTable, topics: [String]?
    ) throws {
        try CampaignPlanner(routes: routes).check(definition)
        if let topics, !topics.contains(definition.topic) { throw CampaignError.unknownTopic(definition.topic) }
        _ = try CampaignTemplates(definition)
    }
}
