import RapportTestServers

/// The configuration of a hub under test: a port of its own, the adapters that a story needs, and a policy that lets
/// everything through that nobody said no to, whatever the time of day.
struct HubSetup {
    let port: Int
    /// The port of the `lmtp` adapter, where there is one.
    let mailPort: Int
    /// Under `adapters:`, by name.
    var adapters: [String: String] = [:]
    /// Secrets of the adapters.
    var environment = ["HUB_SECRET": "a secret that signs links and receipts"]
    /// More lines of the configuration.
    var more = ""
    var policy = Self.policy()

    /// As customers and providers know the hub: mailboxes take one-click unsubscription by https only.
    static let publicURL = "https://hub.rapport.test"

    init() throws {
        port = try FreePort.take()
        mailPort = try FreePort.take()
    }

    static func policy(news: String = "opt-out", rules: [String] = ["responded: { within: 60d }"]) -> String {
        """
        timeZone: Asia/Shanghai
        topics:
          offers: { title: "Offers", consent: opt-in }
          news: { title: "News", consent: \(news) }
          care: { title: "Your service request", consent: none }
          club: { title: "Club", consent: opt-in, doubleOptIn: [email] }
        rules:
        \(rules.map { "  - \($0)" }.joined(separator: "\n"))

        """
    }

    var configuration: String {
        """
        store: sqlite:data/rapport.db
        http: { listen: "127.0.0.1:\(port)", publicURL: "\(Self.publicURL)" }
        region: CN
        policy: policy.yaml
        templates: templates
        secret: env:HUB_SECRET
        serviceLevels: { message: 24h, callback: 2h }
        \(more)
        adapters:
        \(adapters.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }.joined(separator: "\n"))

        """
    }

    /// Sends mail through an SMTP server in the clear.
    mutating func sendsMail(toPort relay: Int, more: String = "") {
        adapters["mail-out"] = """
            { type: smtp, host: 127.0.0.1, port: \(relay), tls: none, from: "Rapport Test <shop@hub.test>", \
            returnPath: bounce@hub.test, unsubscribe: unsubscribe@hub.test\(more) }
            """
    }

    /// Sends mail through Postfix, encrypted, with its certificate checked.
    mutating func sendsMail(through server: PostfixServer) {
        adapters["mail-out"] = """
            { type: smtp, host: localhost, port: \(server.port), tls: starttls, trust: "\(server.certificatePath)", \
            from: "Rapport Test <shop@hub.test>", returnPath: bounce@hub.test, unsubscribe: unsubscribe@hub.test }
            """
    }

    /// Takes mail over LMTP on `mailPort`.
    mutating func takesMail() {
        adapters["mail-in"] = """
            { type: lmtp, listen: "127.0.0.1:\(mailPort)", returnPath: bounce@hub.test, \
            unsubscribe: unsubscribe@hub.test }
            """
    }

    /// Sends mail and SMS to the sandbox, which reports what became of them over HTTP.
    mutating func sendsToSandbox() {
        environment["SANDBOX_SECRET"] = Signing.webhookSecret
        adapters["mail-out"] = """
            { type: sandbox, channel: email, folder: outbox, secret: env:SANDBOX_SECRET, \
            from: "Rapport Test <shop@hub.test>", returnPath: bounce@hub.test }
            """
        adapters["sms-out"] = "{ type: sandbox, channel: sms, folder: outbox, secret: env:SANDBOX_SECRET }"
    }
}
