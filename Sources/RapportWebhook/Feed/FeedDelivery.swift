package import RapportChannels
package import RapportCore

/// Hands batches of the log to one other system. The cursor and the retries are the caller's.
package struct FeedDelivery: Sendable {
    package let name: String
    private let url: String
    private let signing: StandardWebhooks
    private let http: any HTTPCalling
    private let allowsPrivateAddresses: Bool

    /// - Parameter allowsPrivateAddresses: the receiver may stand in the hub's own network, and `http` is allowed.
    /// - Throws: when the URL can't be called, in words without the URL.
    package init(
        name: String, url: String, signing: StandardWebhooks, http: any HTTPCalling,
        allowsPrivateAddresses: Bool = false
    ) throws(SignatureSettingError) {
        if let problem = WebhookURL.problem(with: url, allowsHTTP: allowsPrivateAddresses) {
            throw SignatureSettingError("feed \(name): url: \(problem)")
        }
        self.name = name
        self.url = url
        self.signing = signing
        self.http = http
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }

    /// Delivers one batch once. May be called again with the same batch after any error: its id stays.
    /// - Throws: `SendError`; a feed has no customer, so a receiver that is gone (410) is `configuration`.
    package func deliver(_ batch: FeedBatch, at now: Timestamp) async throws(SendError) {
        let answer: HTTPAnswer
        do {
            answer = try await http.call(
                HTTPCall(
                    method: "POST", url: url,
                    headers: [HTTPField("Content-Type", "application/json")]
                        + signing.headers(id: batch.id, at: now, body: batch.body),
                    body: batch.body, answerLimit: 1 << 16, allowsPrivateAddresses: allowsPrivateAddresses))
        } catch {
            throw SendError(error)
        }
        do {
            try WebhookAnswer.check(answer)
        } catch {
            throw error.code == .badAddress ? SendError(.configuration, status: error.status) : error
        }
    }
}
