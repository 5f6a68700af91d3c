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
                channel: route.channel, language: customer.profile.language
            ) { value(of: $0, for: customer, plan: plan, route: route, unsubscribe: unsubscribe) }
        } else {
            guard let single = plan.inlineContent.flatMap(SingleMessage.init(encoded:)) else { throw .damaged }
            message.content = single.content(for: route.channel)
            message.thread = single.thread
            message.isAutomaticReply = single.isAutomatic
            message.isPersonal = single.isPersonal ?? false
        }
        return message
    }

    /// Where the customer sees and changes what they get.
    package func preferencesURL(of customer: CustomerID) -> String {
        "\(publicURL)/u/\(tokens.token(for: customer, purpose: .preferences))"
    }

    /// What templates may name: these words, then the recipient's own values, then the customer's attributes.
    private func value(
        of name: String, for customer: Customer, plan: DispatchPlan, route: Route, unsubscribe: String
    ) -> String? {
        switch name {
        case "name": plan.variables["name"] ?? customer.profile.name
        case "owner": customer.profile.owner
        case "language": customer.profile.language
        case "customer": customer.id.description
        case "address": route.address.deliverable
        case "campaign": plan.campaign?.name
        case "unsubscribeURL", "preferencesURL": unsubscribe
        default: plan.variables[name] ?? customer.profile.attributes[name]
        }
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
