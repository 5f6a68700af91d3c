import RapportCore
import RapportEmail
import RapportYAML

/// `lmtp`: an MTA delivers incoming mail to us.
struct LMTPSettings: AdapterSettings {
    static let type = "lmtp"
    static let keys = [
        "listen", "returnPath", "unsubscribe", "domain", "maxMessage", "hostName", "connections", "idleTimeout",
        "contentTimeout",
    ]

    var address: LMTPConfiguration.Address
    var mailboxes: MailboxSettings
    var hostName: String
    var maxMessage: Int
    var connections: Int
    /// Without a command, in seconds.
    var idleTimeout: Int64
    /// For one mail to come whole, in seconds.
    var contentTimeout: Int64

    let outboundChannel: Channel? = nil

    init(_ config: YAMLMapping, folder: String) throws {
        let listen = try config.required("listen")
        let text = try listen.string()
        if text.hasPrefix("unix:") {
            address = .unix(Paths.resolve(String(text.dropFirst(5)), in: folder))
        } else {
            let (host, port) = try listen.hostAndPort()
            address = .tcp(host: host, port: port)
        }
        mailboxes = try MailboxSettings(config)
        hostName = try config["hostName"]?.string() ?? mailboxes.domain
        maxMessage = try config["maxMessage"]?.bytes(in: 1024...(1 << 30)) ?? 25 << 20
        connections = try config["connections"]?.int(in: 1...10_000) ?? 64
        idleTimeout = try config["idleTimeout"]?.seconds(in: 1...3600) ?? 300
        contentTimeout = try config["contentTimeout"]?.seconds(in: 1...3600) ?? 900
    }

    func interpreter(_ context: BuildContext) -> MailInterpreter {
        MailInterpreter(identity: mailboxes.identity(tokens: context.tokens))
    }

    /// Nothing stands elsewhere; the socket is opened by the hub.
    func check(templates: String, topics: [String]?) -> [any Error] { [] }

    func build(_ context: BuildContext) throws -> BuiltAdapter {
        let intake = MailIntake(adapter: context.name, interpreter: interpreter(context), sink: context.sink)
        var configuration = LMTPConfiguration(address: address, hostName: hostName)
        configuration.limits.message = maxMessage
        configuration.connections = connections
        configuration.idleTime = idleTimeout * 1000
        configuration.contentTime = contentTimeout * 1000
        return BuiltAdapter(
            service: LMTPListener(name: context.name, configuration, logger: context.logger) { await intake.answer($0) }
        )
    }

    var described: [(key: String, value: String)] {
        let listen =
            switch address {
            case .unix(let path): "unix:\(path)"
            case .tcp(let host, let port): "\(host):\(port)"
            }
        return [
            ("listen", listen), ("hostName", hostName), ("maxMessage", "\(maxMessage)"),
            ("connections", "\(connections)"),
            ("idleTimeout", "\(idleTimeout)s"), ("contentTimeout", "\(contentTimeout)s"),
        ] + mailboxes.described
    }
}
