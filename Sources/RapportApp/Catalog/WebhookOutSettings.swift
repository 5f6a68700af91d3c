import RapportChannels
import RapportCore
import RapportHub
import RapportWebhook
import RapportYAML

/// `webhook-out`: posts messages of campaigns, or, with `feed: true`, every interaction, to another system.
struct WebhookOutSettings: AdapterSettings {
    static let type = "webhook-out"
    static let keys = ["url", "secret", "feed", "window", "allowPrivate", "trust"]

    var url: String?
    var secret: SecretReference
    var isFeed: Bool
    var window: Int
    var allowsPrivateAddresses: Bool
    var trust: TrustSettings

    var outboundChannel: Channel? { isFeed ? nil : .webhook }

    /// A name that another system gave a customer leads nowhere without a URL that takes all messages.
    var reachableSchemes: Set<Address.Scheme>? {
        guard url == nil else { return nil }
        return [.https]
    }

    init(_ config: YAMLMapping, folder: String) throws {
        url = try config["url"]?.webURL()
        secret = try SecretReference(config.required("secret"), folder: folder)
        isFeed = try config["feed"]?.bool() ?? false
        window = try config["window"]?.int(in: 1...1000) ?? 20
        allowsPrivateAddresses = try config["allowPrivate"]?.bool() ?? false
        trust = try TrustSettings(config["trust"], folder: folder)
        if isFeed, url == nil { throw config.place.problem("a feed needs a url") }
        if url == nil, allowsPrivateAddresses { throw config.place.problem("allowPrivate needs a url") }
        guard let url, let place = config["url"] else { return }
        if !url.lowercased().hasPrefix("https://"), !allowsPrivateAddresses {
            throw place.problem("expected an https URL; http is only taken together with ‘allowPrivate: true’")
        }
        if let problem = WebhookURL.problem(with: url, allowsHTTP: allowsPrivateAddresses) {
            throw place.problem("this URL can't be called: \(problem)")
        }
    }

    func check(templates: String, topics: [String]?) -> [any Error] {
        failures({ _ = try StandardWebhooks(secrets: [secret.resolve()]) }, { try trust.check() })
    }

    func build(_ context: BuildContext) throws -> BuiltAdapter {
        let signing = try StandardWebhooks(secrets: [secret.resolve()])
        if isFeed, let url {
            let delivery = try FeedDelivery(
                name: context.name, url: url, signing: signing, http: trust.client(context.http),
                allowsPrivateAddresses: allowsPrivateAddresses)
            return BuiltAdapter(feed: WebhookFeed(delivery: delivery, clock: context.clock))
        }
        return BuiltAdapter(
            outbound: WebhookChannelAdapter(
                name: context.name, url: url, signing: signing, tokens: context.tokens,
                http: trust.client(context.http),
                now: context.clock, window: window, allowsPrivateAddresses: allowsPrivateAddresses))
    }

    var described: [(key: String, value: String)] {
        [
            ("url", url ?? "each customer's own"), ("secret", secret.description), ("feed", "\(isFeed)"),
            ("window", "\(window)"), ("allowPrivate", "\(allowsPrivateAddresses)"), trust.described,
        ]
    }
}

/// Hands the batches of the hub's feed over, each as one request.
private struct WebhookFeed: FeedReceiver {
    let delivery: FeedDelivery
    let clock: Clock

    var name: String { delivery.name }

    func batchSize(of interactions: [Interaction]) -> Int {
        FeedBatch(feed: name, interactions: interactions, at: clock())?.count ?? 0
    }

    func deliver(_ interactions: [Interaction]) async throws(SendError) {
        let now = clock()
        // Its size was settled with its end.
        guard let batch = FeedBatch(feed: name, interactions: interactions, at: now, limit: .max) else { return }
        try await delivery.deliver(batch, at: now)
    }
}
