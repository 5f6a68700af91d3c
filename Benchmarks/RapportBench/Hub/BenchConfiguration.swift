import Foundation

/// The configuration of measured hubs: defaults, but for names, ports and secrets.
struct BenchConfiguration {
    var port: Int
    var mailPort: Int
    var sinkPort: Int

    static let apiToken = "bench-token"
    static let webhookSecret = "whsec_" + Data((0..<32).map { UInt8($0 * 7 + 1) }).base64EncodedString()
    static let environment = [
        "BENCH_SECRET": "a secret that signs links and receipts", "BENCH_WEBHOOK": webhookSecret,
    ]

    var text: String {
        """
        store: sqlite:data/rapport.db
        http: { listen: "127.0.0.1:\(port)", publicURL: "https://hub.rapport.test" }
        region: CN
        policy: policy.yaml
        templates: templates
        secret: env:BENCH_SECRET
        adapters:
          mail-out: { type: smtp, host: 127.0.0.1, port: \(sinkPort), tls: none, from: "Bench <shop@hub.test>", \
        returnPath: bounce@hub.test, unsubscribe: unsubscribe@hub.test }
          mail-in: { type: lmtp, listen: "127.0.0.1:\(mailPort)", returnPath: bounce@hub.test, \
        unsubscribe: unsubscribe@hub.test }
          shop:
            type: webhook
            signature: { scheme: standard-webhooks, secret: env:BENCH_WEBHOOK }
            map: { id: /id, time: /timestamp, kind: /type, addresses: [{ at: /data/email, scheme: mailto }], \
        text: /data/note, attributes: { order: /data/order, total: /data/total } }
        api:
          tokens:
            - { name: bench, hash: "sha256:7137e16f75a1d75b6fd65930672814806cdc1a0d6e0aa38611afc996a402258b", \
        scopes: [read, write, send] }

        """
    }

    /// Six rules, all of which look at what the customer got and said before, and let a customer through who got two
    /// mails in the last week.
    static let policy = """
        timeZone: Europe/Berlin
        topics:
          offers: { title: "Offers", consent: opt-in }
          news: { title: "News", consent: opt-out }
        rules:
          - openCase: { kinds: [complaint] }
          - responded: { within: 60d }
          - duplicate: { same: content, per: address, within: 90d }
          - duplicate: { same: offer, per: customer, within: 30d }
          - cap: { max: 3, per: 7d, scope: customer }
          - gap: { min: 4h, scope: customer }

        """
}
