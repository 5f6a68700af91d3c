import RapportChannels
import RapportCore
import RapportEmail
import RapportSandbox
import RapportYAML

/// `sandbox`: sends nothing, writes files, and reports delivery as a real provider would.
struct SandboxSettings: AdapterSettings {
    static let type = "sandbox"
    static let keys = ["channel", "folder", "secret", "from", "returnPath", "unsubscribe", "domain"]

    var channel: Channel
    var folder: String
    var secret: SecretReference
    /// Only mail has a sender.
    var sender: MailSender?
    var mailboxes: MailboxSettings?

    var outboundChannel: Channel? { channel }

    init(_ config: YAMLMapping, folder: String) throws {
        channel = try config.required("channel").word(among: Channel.outbound)
        self.folder = Paths.resolve(try config["folder"]?.string() ?? "var/outbox", in: folder)
        secret = try SecretReference(config.required("secret"), folder: folder)
        if channel == .email {
            let from = try config.required("from")
            let sender = MailSender(from: try from.string())
            let mailboxes = try MailboxSettings(config)
            try mailboxes.check(sender, at: from)
            (self.sender, self.mailboxes) = (sender, mailboxes)
        }
    }

    func check(templates: String, topics: [String]?) -> [any Error] {
        failures({ _ = try StandardWebhooks(secrets: [secret.resolve()]) })
    }

    func build(_ context: BuildContext) throws -> BuiltAdapter {
        let composer = try sender.flatMap { sender in
            try mailboxes.map { try MailComposer(identity: $0.identity(tokens: context.tokens), sender: sender) }
        }
        let adapter = SandboxAdapter(
            name: context.name, channel: channel, folder: folder, hubURL: context.localURL,
            signing: try StandardWebhooks(secrets: [secret.resolve()]), http: context.http, clock: context.clock
        ) { message throws(SendError) in
            // The first line of the file says what it is; a mail that is sent never has it.
            if let composer {
                return ("eml", Array("X-Sandbox: written, not sent\r\n".utf8) + (try composer.compose(message).bytes))
            }
            return ("json", SandboxText.json(of: message))
        }
        return BuiltAdapter(inbound: adapter, outbound: adapter)
    }

    var described: [(key: String, value: String)] {
        [
            ("channel", channel.rawValue), ("folder", folder), ("secret", secret.description),
            ("note", "SANDBOX: sends nothing"),
        ] + (sender.map { [("from", $0.from)] } ?? []) + (mailboxes?.described ?? [])
    }
}
