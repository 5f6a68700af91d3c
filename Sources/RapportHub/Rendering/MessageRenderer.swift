package import RapportChannels
package import RapportCore
import RapportLog

/// Makes the message that one claimed dispatch says.
package struct MessageRenderer: Sendable {
    /// The public URL of the hub, without a slash at the end.
    private let publicURL: String
    private let tokens: DispatchTokens
    private let clock: Clock

    package init(publicURL: String, tokens: DispatchTokens, clock: @escaping Clock) {
        self.publicURL = publicURL
        self.tokens = tokens
        self.clock = clock
    }

    /// - Parameter templates: the campaign's; `nil` for a single message.
    func render(_ claimed: ClaimedDispatch, templates: CampaignTemplates?) throws(RenderError) -> OutboundMessage {
        let plan = claimed.candidate.plan
        let customer = claimed.candidate.customer
        let route = claimed.route
        let unsubscribe = preferencesURL(of: customer.id)
        var message = OutboundMessage(
            dispatch: claimed.id, customer: customer.id, channel: route.channel, messageClass: plan.messageClass,
            topic: plan.topic, campaign: plan.campaign?.name, to: route.address, toName: customer.profile.name,
            content: .text(""), unsubscribeURL: plan.messageClass == .transactional ? nil : unsubscribe,
            createdAt: clock(), expiresAt: plan.expiresAt)
        if let templates {
            message.content = try templates.render(
                channel: route.channel, language: customer.profile.language,
                values: variables(of: customer, plan: plan, route: route, unsubscribe: unsubscribe))
        } else {
            guard let single = plan.inlineContent.flatMap(SingleMessage.init(encoded:)) else { throw .damaged }
            message.content = single.content(for: route.channel)
            message.thread = single.thread
            message.isAutomaticReply = single.isAutomatic
        }
        return message
    }

    /// Where the customer sees and changes what they get.
    package func preferencesURL(of customer: CustomerID) -> String {
        "\(publicURL)/u/\(tokens.token(for: customer, purpose: .preferences))"
    }

    /// What templates may name: the customer's attributes, the recipient's own values, and these words, which win.
    private func variables(
        of customer: Customer, plan: DispatchPlan, route: Route, unsubscribe: String
    ) -> [String: String] {
        var values = customer.profile.attributes
        values.merge(plan.variables) { _, own in own }
        values["name"] = plan.variables["name"] ?? customer.profile.name
        values["owner"] = customer.profile.owner
        values["language"] = customer.profile.language
        values["customer"] = customer.id.description
        values["address"] = route.address.deliverable
        values["campaign"] = plan.campaign?.name
        values["unsubscribeURL"] = unsubscribe
        values["preferencesURL"] = unsubscribe
        return values
    }
}

extension SingleMessage {
    fileprivate func content(for channel: Channel) -> OutboundMessage.Content {
        switch channel {
        case .email: .email(EmailContent(subject: subject ?? "", text: text, html: html))
        case .webhook: .event(type: "message", json: json ?? "{}")
        default: .text(text)
        }
    }
}
