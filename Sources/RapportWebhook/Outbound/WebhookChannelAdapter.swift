package import RapportChannels
package import RapportCore

/// The webhook as a channel of a campaign: posts a message's JSON to the customer's own https address, or all of them
/// to one URL, signed by Standard Webhooks.
///
/// `webhook-id` is the dispatch's token, so a receiver that remembers ids takes each message once.
package struct WebhookChannelAdapter: OutboundAdapter {
    package let name: String
    package let channel = Channel.webhook
    package let window: Int

    private let url: String?
    private let signing: StandardWebhooks
    private let tokens: DispatchTokens
    private let http: any HTTPCalling
    private let now: Clock
    private let allowsPrivateAddresses: Bool

    /// - Parameters:
    ///   - url: where all messages go; `nil`: each to its own https address.
    ///   - allowsPrivateAddresses: together with `url` only, and then `http` is allowed too. An address that came with
    ///     a customer never reaches the network behind the hub.
    package init(
        name: String, url: String? = nil, signing: StandardWebhooks, tokens: DispatchTokens, http: any HTTPCalling,
        now: @escaping Clock, window: Int = 20, allowsPrivateAddresses: Bool = false
    ) {
        self.name = name
        self.url = url
        self.signing = signing
        self.tokens = tokens
        self.http = http
        self.now = now
        self.window = window
        self.allowsPrivateAddresses = url != nil && allowsPrivateAddresses
    }

    package func send(_ message: OutboundMessage) async throws(SendError) -> Receipt {
        guard case .event(_, let json) = message.content else { throw SendError(.unsupported) }
        let target = try target(of: message)
        let body = Array(json.utf8)
        let id = tokens.tokens(of: message.dispatch)[.delivery]
        let call = HTTPCall(
            method: "POST", url: target,
            headers: [HTTPField("Content-Type", "application/json")] + signing.headers(id: id, at: now(), body: body),
            body: body, answerLimit: 1 << 16, allowsPrivateAddresses: allowsPrivateAddresses,
            isRevocable: true)
        let answer: HTTPAnswer
        do {
            answer = try await http.call(call)
        } catch {
            // An address that leads where we must not go is the customer's mistake; a configured URL is ours.
            if error.code == .refusedURL, url == nil { throw SendError(.badAddress, status: error.description) }
            throw SendError(error)
        }
        try WebhookAnswer.check(answer)
        return Receipt(detail: "HTTP \(answer.status)")
    }

    package func withdraw() { http.withdraw() }

    private func target(of message: OutboundMessage) throws(SendError) -> String {
        if let url {
            if let problem = WebhookURL.problem(with: url, allowsHTTP: allowsPrivateAddresses) {
                throw SendError(.configuration, status: problem)
            }
            return url
        }
        guard message.to.scheme == .https else { throw SendError(.unsupported) }
        if let problem = WebhookURL.problem(with: message.to.deliverableURI) {
            throw SendError(.badAddress, status: problem)
        }
        return message.to.deliverableURI
    }
}
