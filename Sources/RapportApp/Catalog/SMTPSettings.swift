import RapportChannels
import RapportCore
import RapportEmail
import RapportYAML

/// `smtp`: sends mail through a relay.
struct SMTPSettings: AdapterSettings {
    static let type = "smtp"
    static let keys = [
        "host", "port", "tls", "user", "password", "accessToken", "trust", "from", "replyTo", "returnPath",
        "unsubscribe",
        "domain", "listID", "helo", "connections", "window", "timeout",
    ]

    var host: String
    var port: Int
    var security: SMTPStateMachine.Security
    var user: String?
    var password: SecretReference?
    var accessToken: SecretReference?
    var trust: TrustSettings
    var sender: MailSender
    var mailboxes: MailboxSettings
    var helo: String?
    var connections: Int
    var window: Int
    /// The longest wait for any one answer, in seconds; `nil`: as long as RFC 5321 asks.
    var timeout: Int64?

    let outboundChannel: Channel? = .email

    init(_ config: YAMLMapping, folder: String) throws {
        host = try config.required("host").string()
        security = try Self.security(config["tls"])
        port = try config["port"]?.int(in: 1...65535) ?? (security == .tls ? 465 : security == .startTLS ? 587 : 25)
        user = try config["user"]?.string()
        password = try config["password"].map { try SecretReference($0, folder: folder) }
        accessToken = try config["accessToken"].map { try SecretReference($0, folder: folder) }
        trust = try TrustSettings(config["trust"], folder: folder)
        sender = MailSender(
            from: try config.required("from").string(), replyTo: try config["replyTo"]?.string(),
            listID: try config["listID"]?.string())
        mailboxes = try MailboxSettings(config)
        helo = try config["helo"]?.string()
        connections = try config["connections"]?.int(in: 1...256) ?? 4
        window = try config["window"]?.int(in: 1...10_000) ?? 1024
        timeout = try config["timeout"]?.seconds(in: 1...3600)
        if user != nil, password == nil, accessToken == nil {
            throw config.place.problem("a user needs a password or an accessToken")
        }
        if user == nil, let secret = config["password"] ?? config["accessToken"] {
            throw secret.problem("a password or an accessToken needs a user")
        }
        if let user = config["user"], security == .none {
            throw user.problem("a user's secret only goes over TLS: expected tls: starttls or tls: tls beside it")
        }
        try mailboxes.check(sender, at: config.required("from"))
    }

    private static func security(_ value: YAMLValue?) throws -> SMTPStateMachine.Security {
        guard let value else { return .startTLS }
        let words: [(word: String, security: SMTPStateMachine.Security)] = [
            ("none", .none), ("starttls", .startTLS), ("tls", .tls),
        ]
        let text = try value.string()
        guard let found = words.first(where: { $0.word == text }) else {
            throw value.problem("‘\(text)’ is not known here" + NearestWord.hint(for: text, among: words.map(\.word)))
        }
        return found.security
    }

    func check(templates: String, topics: [String]?) -> [any Error] {
        failures(
            { _ = try password?.resolve() }, { _ = try accessToken?.resolve() },
            { try trust.check(TrustedCertificates.load) })
    }

    func build(_ context: BuildContext) throws -> BuiltAdapter {
        var relay = SMTPConfiguration(
            host: host, port: port, security: security, trustedCertificates: trust.file,
            clientName: helo ?? mailboxes.domain)
        relay.currentCredentials = currentCredentials
        relay.pool.connections = connections
        relay.pool.queue = max(relay.pool.queue, window)
        if let timeout { relay.timeouts = relay.timeouts.limited(to: timeout * 1000) }
        let adapter = try SMTPAdapter(
            name: context.name, identity: mailboxes.identity(tokens: context.tokens), sender: sender, relay: relay,
            window: window, logger: context.logger)
        return BuiltAdapter(outbound: adapter, service: adapter.service)
    }

    /// Reads the secret for each connection, because an access token is good for an hour and whoever renews it writes it
    /// where the reference leads; a password that is changed there needs no restart either.
    var currentCredentials: (@Sendable () async throws -> SMTPCredentials)? {
        guard let user, let secret = accessToken ?? password else { return nil }
        let kind: SMTPCredentials.Kind = accessToken == nil ? .password : .accessToken
        return {
            guard let current = try? secret.resolve() else { throw SendError(.configuration, status: "no secret") }
            return SMTPCredentials(kind: kind, user: user, secret: current)
        }
    }

    var described: [(key: String, value: String)] {
        [
            ("host", host), ("port", "\(port)"), ("tls", security.rawValue.lowercased()), ("user", user ?? "–"),
            ("password", password?.description ?? "–"), ("accessToken", accessToken?.description ?? "–"),
            trust.described, ("from", sender.from), ("replyTo", sender.replyTo ?? "–"),
            ("listID", sender.listID ?? "–"), ("helo", helo ?? mailboxes.domain), ("connections", "\(connections)"),
            ("window", "\(window)"), ("timeout", timeout.map { "\($0)s" } ?? "RFC 5321"),
        ] + mailboxes.described
    }
}
