package import RapportCore
import RapportLog

/// Makes the planned rows of a campaign: the same for a preview and for sending.
struct CampaignPlanner: Sendable {
    let routes: RouteTable

    /// - Returns: `nil` when the customer has no address for any of the campaign's channels.
    func plan(
        _ recipient: Recipient, definition: CampaignDefinition, key: CampaignKey, at now: Timestamp
    ) -> DispatchPlan? {
        let routes = routes.routes(
            to: recipient.customer, channels: definition.channels, named: definition.adapters)
        guard !routes.isEmpty else { return nil }
        let start = max(now, definition.startAt ?? now)
        return DispatchPlan(
            customer: recipient.customer.id, campaign: key, messageClass: definition.messageClass,
            topic: definition.topic, offer: definition.offer, content: definition.content, routes: routes,
            variables: recipient.variables, dueAt: start, expiresAt: definition.expires(plannedAt: now),
            repeats: definition.repeats)
    }
}

extension CampaignDefinition {
    /// When what has not left by then is left out; `nil`: never.
    package func expires(plannedAt now: Timestamp) -> Timestamp? {
        switch expiry {
        case .at(let instant): instant
        case .after(let seconds): max(now, startAt ?? now).adding(seconds: seconds)
        case nil: nil
        }
    }
}
