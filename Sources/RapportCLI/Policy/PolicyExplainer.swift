import RapportApp
import RapportCore
import RapportHub
import RapportLog
import RapportPolicy
import RapportYAML

/// Asks the policy about every route of one customer, with the facts of the store.
struct PolicyExplainer {
    let hub: HubContext
    let campaign: String
    let occurrence: String?

    /// - Parameter campaign: `newsletter`, or `newsletter@2026-03` as its run is called.
    init(hub: HubContext, campaign: String, occurrence: String?) {
        self.hub = hub
        let isFolder = CampaignFolder.names(below: hub.configuration.templates).contains(campaign)
        let key = isFolder ? CampaignKey(name: campaign) : CampaignRuns.key(campaign)
        self.campaign = key.name
        self.occurrence = occurrence ?? key.occurrence
    }

    func explain(_ customer: Customer, at now: Timestamp, channel: Channel?) async throws -> RouteExplanation {
        let (definition, createdAt) = try await definition()
        let key = CampaignKey(name: definition.name, occurrence: definition.occurrence)
        let channels = definition.channels.filter { channel == nil || $0 == channel }
        guard !channels.isEmpty else {
            throw ConfigurationError("the campaign ‘\(campaign)’ does not use \(channel?.rawValue ?? "any channel")")
        }
        let plan = DispatchPlan(
            customer: customer.id, campaign: key, messageClass: definition.messageClass, topic: definition.topic,
            offer: definition.offer, content: definition.content,
            routes: hub.configuration.routes.routes(to: customer, channels: channels, named: definition.adapters),
            dueAt: now,
            expiresAt: definition.expires(plannedAt: createdAt ?? now))
        let policy = try hub.policy.current
        let found = try await hub.store.facts([FactsQuery(plan)], lookback: policy.lookback(from: now))
        guard var facts = found.first else { throw DeskError.unknownCustomer(customer.id) }
        let already = try await hub.store.dispatches(of: customer.id, limit: 1000).first { $0.campaign == key }
        facts.dispatches.removeAll { $0.id == already?.id.description }
        // An explanation of the past leaves out what came later.
        if now >= hub.clock().adding(seconds: -60) { facts = facts.happened(by: now) }
        return RouteExplanation(
            customer: customer.id, campaign: key, at: now, policyVersion: policy.version, already: already,
            routes: plan.routes.map { route in
                let decision = policy.evaluate(plan.request(over: route), facts, now: now)
                return (route, PolicyExplanation(decision, now: now))
            })
    }

    /// As it was sent and when, when it was; else as its folder says.
    private func definition() async throws -> (CampaignDefinition, createdAt: Timestamp?) {
        let folder = CampaignFolder(path: "\(hub.configuration.templates)/campaigns/\(campaign)")
        guard CampaignFolder.names(below: hub.configuration.templates).contains(campaign) else {
            if let stored = try await stored(occurrence) { return stored }
            let names = CampaignFolder.names(below: hub.configuration.templates)
            throw ConfigurationError(
                "there is no campaign ‘\(campaign)’" + NearestWord.hint(for: campaign, among: names))
        }
        var definition = try folder.load()
        definition.occurrence = occurrence ?? definition.occurrence
        return try await stored(definition.occurrence) ?? (definition, nil)
    }

    private func stored(_ occurrence: String?) async throws -> (CampaignDefinition, createdAt: Timestamp?)? {
        guard let record = try await hub.store.campaign(CampaignKey(name: campaign, occurrence: occurrence)) else {
            return nil
        }
        return (try record.readDefinition(), record.createdAt)
    }
}
