import RapportChannels
import RapportCore
import RapportSMS
import RapportYAML

/// `kannel`: SMS through a Kannel gateway, both ways.
struct KannelSettings: AdapterSettings {
    static let type = "kannel"
    static let keys = [
        "url", "username", "password", "from", "method", "secret", "smsc", "window", "region", "callbackURL",
        "timeout", "trust", "keywords",
    ]

    var url: String
    var username: String
    var password: SecretReference
    var from: String?
    var method: KannelConfiguration.Method
    /// In the paths of the callbacks.
    var secret: SecretReference
    var smsc: String?
    var window: Int
    var region: String?
    /// How Kannel reaches us, when not by the public URL.
    var callbackURL: String?
    /// For one exchange with the gateway, in seconds.
    var timeout: Int64
    var trust: TrustSettings
    var keywords: KeywordSettings

    let outboundChannel: Channel? = .sms

    init(_ config: YAMLMapping, folder: String) throws {
        url = try config.required("url").webURL()
        username = try config.required("username").string()
        password = try SecretReference(config.required("password"), folder: folder)
        from = try config["from"]?.string()
        method = try config["method"]?.word(KannelConfiguration.Method.self) ?? .post
        secret = try SecretReference(config.required("secret"), folder: folder)
        smsc = try config["smsc"]?.string()
        window = try config["window"]?.int(in: 1...10_000) ?? 50
        region = try config["region"]?.region()
        callbackURL = try config["callbackURL"]?.baseURL()
        timeout = try config["timeout"]?.seconds(in: 1...600) ?? 30
        trust = try TrustSettings(config["trust"], folder: folder)
        keywords = try KeywordSettings(config["keywords"])
    }

    func check(templates: String, topics: [String]?) -> [any Error] {
        failures(
            { _ = try password.resolve() }, { _ = try PathToken(tokens: [secret.resolve()]) }, { try trust.check() })
    }

    func build(_ context: BuildContext) throws -> BuiltAdapter {
        let configuration = KannelConfiguration(
            sendURL: url, username: username, password: try password.resolve(), from: from, method: method,
            publicURL: callbackURL ?? context.publicURL, callbackTokens: try PathToken(tokens: [secret.resolve()]),
            smsc: smsc, window: window, timeoutMilliseconds: Int(timeout) * 1000, region: region,
            keywords: keywords.reader)
        let adapter = KannelAdapter(
            name: context.name, configuration: configuration, tokens: context.tokens, http: trust.client(context.http))
        return BuiltAdapter(inbound: adapter, outbound: adapter)
    }

    var described: [(key: String, value: String)] {
        [
            ("url", url), ("username", username), ("password", password.description), ("from", from ?? "–"),
            ("method", method.rawValue), ("secret", secret.description), ("smsc", smsc ?? "–"), ("window", "\(window)"),
            ("region", region ?? "the hub's"), ("callbackURL", callbackURL ?? "the hub's public URL"),
            ("timeout", "\(timeout)s"),
            trust.described, keywords.described,
        ]
    }
}
