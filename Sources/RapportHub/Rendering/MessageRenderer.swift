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
        let page = preferencesURL(of: claimed.id, at: route.address)
        let ways = plan.routes.count { $0.channel == route.channel }
        var message = OutboundMessage(
            dispatch: claimed.id, customer: customer.id, channel: route.channel, messageClass: plan.messageClass,
            topic: plan.topic, campaign: plan.campaign?.name, to: route.address,
            route: ways > 1 ? claimed.routeIndex : nil, toName: customer.profile.name, content: .text(""),
            unsubscribeURL: plan.messageClass == .transactional ? nil : page, createdAt: clock(),
            expiresAt: plan.expiresAt)
        if let templates {
            message.content = try templates.render(
                channel: route.channel, language: customer.profile.language
            ) { value(of: $0, for: customer, plan: plan, route: route, page: page) }
        } else {
            guard let single = plan.inlineContent.flatMap(SingleMessage.init(encoded:)) else { throw .damaged }
            message.content = single.linked(to: page).content(for: route.channel)
            message.thread = single.thread
            message.isAutomaticReply = single.isAutomatic
            message.isPersonal = single.isPersonal ?? false
        }
        return message
    }

    /// Where the customer sees and changes what they get. Each message has a link of its own to it, which shows that
    /// whoever opens it reads what comes to this address.
    private func preferencesURL(of dispatch: DispatchID, at address: Address) -> String {
        "\(publicURL)/u/\(tokens.linkToken(for: dispatch, at: address))"
    }

    /// What templates may name: these words, then the recipient's own values, then the customer's attributes.
    private func value(
        of name: String, for customer: Customer, plan: DispatchPlan, route: Route, page: String
    ) -> String? {
        switch name {
        case "name": plan.variables["name"] ?? customer.profile.name
        case "owner": customer.profile.owner
        case "language": customer.profile.language
        case "customer": customer.id.description
        case "address": route.address.deliverable
        case "campaign": plan.campaign?.name
        case "unsubscribeURL", "preferencesURL": page
        default: plan.variables[name] ?? customer.profile.attributes[name]
        }
    }
}

extension SingleMessage {
    /// The two names of the customer's page stand for its link; everything else is said as it is written.
    fileprivate func linked(to page: String) -> SingleMessage {
        var message = self
        for name in ["{{preferencesURL}}", "{{unsubscribeURL}}"] {
            message.text = message.text.replacing(name, with: page)
            message.html = message.html?.replacing(name, with: HTMLEscaping().escapeText(page))
        }
        return message
    }

    /// What a webhook gets of it.
    private var json: String {
        let fields = [("subject", subject), ("text", text), ("html", html)].compactMap { name, value in
            value.map { "\"\(name)\":\"\(JSONEscaping().escapeText($0))\"" }
        }
        return "{\(fields.joined(separator: ","))}"
    }

    fileprivate func content(for channel: Channel) -> OutboundMessage.Content {
        switch channel {
        case .email: .email(EmailContent(subject: subject ?? "", text: text, html: html))
        case .webhook: .event(type: "message", json: json)
        default: .text(text)
        }
    }
}
