package import RapportChannels
package import RapportCore
package import RapportHub
package import RapportServer

/// `rapport.yaml`, read and checked. Paths are relative to the file's folder.
package struct HubConfiguration: Sendable {
    /// The file it was read from.
    package var file: String
    /// Where `sqlite:` keeps the database.
    package var storePath: String
    package var http: HTTPSection
    /// ISO 3166 region for numbers without a country code.
    package var region: String
    package var policyFile: String
    package var templates: String
    /// The hub's own key: signs the names it gives to the outside.
    package var secret: SecretReference
    package var adapters: [AdapterEntry]
    package var tokens: [APIToken]
    package var serviceLevels: ServiceLevels
    package var retention: RetentionSection
    package var answers: AnswerSection
    /// When a message that could not be handed over is tried again.
    package var retry: RetrySchedule

    package struct HTTPSection: Sendable {
        package var host = "127.0.0.1"
        package var port = 8080
        /// As customers and providers see the hub, without a slash at the end.
        package var publicURL = "http://127.0.0.1:8080"
        /// A proxy of ours stands before the hub, so its X-Forwarded-For is believed.
        package var trustsForwardedFor = false
        /// `/metrics` asks for a token of scope `read`.
        package var metricsNeedToken = false
        /// Open connections; one more is answered 503.
        package var connections = 1024
        /// How long a connection may be silent, in seconds.
        package var idleSeconds = 60
        /// Within how many seconds a request's body must have come whole.
        package var bodySeconds = 30
    }

    package struct RetentionSection: Sendable {
        /// How long raw payloads are kept; `nil`: for ever.
        package var payloadDays: Int?
    }

    package struct AnswerSection: Sendable {
        package var help: String?
        package var topic: String?
        /// Where the topic stands.
        package var place: Place?
    }

    /// One adapter of the configuration, checked by its type.
    package struct AdapterEntry: Sendable {
        package var name: String
        package var settings: any AdapterSettings
        /// Where its name stands.
        package var place: Place

        /// Over which it sends; `nil` when it only takes.
        package var outboundChannel: Channel? { settings.outboundChannel }
        /// Whether it only pretends to send.
        package var isSandbox: Bool { settings is SandboxSettings }
        package var isFeed: Bool { (settings as? WebhookOutSettings)?.isFeed ?? false }
    }
}

extension HubConfiguration {
    /// Signs links, return paths and receipts; as long as half of the hash that it keys, so that nobody finds it by trying.
    ///
    /// - Throws: `ConfigurationError` when it can't be read or is too short.
    package func ownSecret() throws(ConfigurationError) -> Secret {
        try secret.resolve(atLeast: 16)
    }
}
