import RapportTestServers

/// The configuration of a hub that faults are thrown at: ports of its own, the adapters of one test, and a policy that
/// lets everything through whatever the time of day.
struct HubStage {
    let port: Int
    /// Of the `lmtp` adapter, where there is one.
    let mailPort: Int
    /// Under `adapters:`, by name.
    var adapters: [String: String] = [:]
    var environment = ["HUB_SECRET": "a secret that signs links and receipts"]
    /// More keys of `http:`.
    var http: [String: String] = [:]
    /// More lines of the configuration.
    var more = ""
    var store = "data/rapport.db"

    /// For `/v1`; its SHA-256 stands in the configuration.
    static let token = "fault-tests"
    private static let tokenHash = "6acdbbdbc0de5effb668b5eb99504106441ba05764709ff0879a855c17937c11"

    init() throws {
        port = try FreePort.take()
        mailPort = try FreePort.take()
    }

    var configuration: String {
        let http = http.sorted { $0.key < $1.key }.map { ", \($0.key): \($0.value)" }.joined()
        return """
            store: sqlite:\(store)
            http: { listen: "127.0.0.1:\(port)", publicURL: "https://hub.rapport.test"\(http) }
            policy: policy.yaml
            secret: env:HUB_SECRET
            api: { tokens: [{ name: tests, hash: "sha256:\(Self.tokenHash)", scopes: [read, write, send] }] }
            \(more)
            adapters:
            \(adapters.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }.joined(separator: "\n"))

            """
    }

    var policy = """
        timeZone: Asia/Shanghai
        topics:
          care: { title: "Your service request", consent: none }
        rules:
          - responded: { within: 60d }

        """

    /// Takes webhooks that carry an id, an address and a text, with a bearer token.
    mutating func takesWebhooks() {
        environment["SHOP_TOKEN"] = Self.token
        adapters["shop"] = """
            { type: webhook, signature: { scheme: bearer, secret: env:SHOP_TOKEN }, map: { id: /id, \
            defaultKind: message.received, addresses: [{ at: /from, scheme: mailto }], text: /text } }
            """
    }

    /// Takes mail over LMTP.
    mutating func takesMail(more: String = "") {
        adapters["mail-in"] = """
            { type: lmtp, listen: "127.0.0.1:\(mailPort)", returnPath: bounce@hub.test\(more) }
            """
    }

    /// Sends mail through an SMTP server in the clear.
    mutating func sendsMail(_ name: String, toPort relay: Int, more: String = "") {
        adapters[name] = """
            { type: smtp, host: 127.0.0.1, port: \(relay), tls: none, from: "Rapport Test <shop@hub.test>", \
            returnPath: bounce@hub.test\(more) }
            """
    }
}
