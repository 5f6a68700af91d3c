import RapportAddressing
import RapportChannels
import RapportCore
import RapportHub
import RapportIVR
import RapportPolicy
import RapportYAML
import SwiftCSV

extension HostileParser {
    static let files: [HostileParser] = [policy, policyCases, yaml, csv]

    private static let policy = HostileParser(
        "policy",
        samples: [
            """
            timeZone: Asia/Shanghai
            topics:
              offers: { title: "Offers", consent: opt-in, doubleOptIn: [email], expireAfter: 2y }
              care:   { title: "Care", consent: none }
            suppressions:
              complaint: { blocks: [marketing] }
            rules:
              - openCase:   { kinds: [complaint] }
              - duplicate:  { same: content, per: address, within: 90d }
              - cap:        { max: 2, per: week, scope: customer, onHit: skip }
              - gap:        { min: 4h, scope: household }
              - quietHours: { from: "21:00", to: "08:00", channels: [sms] }
              - calendar:   { closed: [sat], dates: ["2026-10-01"] }
            """
        ],
        words: [
            "rules:\n", "topics:\n", "  - cap: ", "  - holdout: { percent: 5, salt: x }", "within: forever",
            "per: month",
            "&a", "*a", "<<: *a", "!!binary ", "99999999999d", "\t", "? ", "|\n", "\"24:00\"", "2026-02-30",
        ], corpus: ["conformance/policy"], sizeLimit: 8192
    ) { bytes throws(BrokenPromise) in
        let text = String(decoding: bytes, as: UTF8.self)
        guard let policy = try? ContactPolicy(yaml: text) else { return }
        let request = ContactRequest(
            messageClass: .marketing, topic: policy.topics.first?.name ?? "", channel: .email,
            address: Address(normalized: "mailto:a@example.com")!)
        let facts = ContactFacts(customer: .init(id: "c1"))
        _ = policy.evaluate(request, facts, now: Timestamp(seconds: 1_774_700_000))
    }

    private static let policyCases = HostileParser(
        "policy-cases",
        samples: [
            #"{"policy": {"timeZone": "UTC", "topics": {"offers": {"title": "O", "consent": "opt-in"}}, "rules": []}, "#
                + #""cases": [{"name": "n", "now": "2026-03-28T22:30:00Z", "customer": {"id": "c1"}, "#
                + #""request": {"class": "marketing", "topic": "offers", "channel": "email", "#
                + #""address": "mailto:a@example.com"}, "expect": {"verdict": "skip", "rule": "consent"}}]}"#
        ],
        words: [
            "\"consents\":[", "\"dispatches\":[", "\"at\":[", "\"expect\":{", "null", "\"until\":", "\"quietHours\":{",
        ],
        corpus: ["conformance/policy"], sizeLimit: 16384
    ) { bytes throws(BrokenPromise) in
        _ = try? PolicyCaseFile(json: String(decoding: bytes, as: UTF8.self)) { name throws(PolicyFileError) in
            throw PolicyFileError(file: name, problems: [])
        }
    }

    /// Campaigns, menus and the configuration are YAML of the hub's own shapes.
    private static let yaml = HostileParser(
        "yaml",
        samples: [
            "title: Spring\nclass: marketing\ntopic: offers\nchannels: [email, sms]\naudience: { tags: [a], without: [b] }\n"
                + "expires: 14d\nthrottle: { perMinute: 100 }\nschedule: { start: 2026-03-01T09:00:00+08:00 }\n",
            "language: en\nstart: a\nnodes:\n  a:\n    say: {en: hi}\n    gather:\n      keys: {1: b}\n      otherwise: b\n"
                + "  b: {hangUp: true}\n",
        ],
        words: [
            "audience: everyone", "repeats: true", "&x [*x]", "*x", "<<: ", "!!int ", "nodes:\n", "branch:\n", "- {",
            "\n---\n", "%YAML 1.2\n", "'", "\"\\u0000\"", "goto: a", "otherwise: ",
        ]
    ) { bytes throws(BrokenPromise) in
        let text = String(decoding: bytes, as: UTF8.self)
        if let value = try? YAMLValue.parse(text, file: "a.yaml") { _ = try? CampaignFile.read(value, name: "a") }
        _ = try? MenuFile.read(text, name: "a", file: "a.yaml", topics: ["offers"])
    }

    private static let reader = ImportRowReader(
        normalizer: AddressNormalizer(), region: "CN", topics: ["offers", "news"], zones: .system)

    private static let suppressions = SuppressionRowReader(normalizer: AddressNormalizer(), region: "CN")

    private static let csv = HostileParser(
        "csv",
        samples: [
            "id,name,email,phone,household,language,timeZone,tags,consents,plan\n"
                + "crm/1,\"Ana \"\"A\"\", x\",a@example.com;b@example.com,+49 30 12345,h1,zh-CN,Asia/Shanghai,a;b,"
                + "offers:email:granted:2026-01-05T10:00:00Z; news:*:denied,gold\r\n2,,c@example.com,,,,,,,\n",
            "email;name\na@example.com;A\n",
            "address,email,phone,reason,at,until\nid:crm/1,a@example.com;b@example.com,+49 30 12345,hard-bounce,"
                + "2026-01-05T10:00:00Z,2027-01-05T10:00:00Z\ntel:13800138000,,,stop,,\n",
        ],
        words: [
            "\"\"", "\",\"", "\r\n", "\r", "offers:*:granted", ":denied:", "consents", "email", "phone", "\t", ";",
            "\u{FEFF}", "Europe/Berlin", "+86138", "0000",
        ]
    ) { bytes throws(BrokenPromise) in
        guard let table = try? CSV<Named>(string: String(decoding: bytes, as: UTF8.self)) else { return }
        for row in table.rows {
            _ = try? reader.read(row)
            _ = try? suppressions.read(row, at: Timestamp(seconds: 1_774_700_000))
        }
    }
}
