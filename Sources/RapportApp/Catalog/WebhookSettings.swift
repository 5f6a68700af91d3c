import RapportChannels
import RapportCore
import RapportWebhook
import RapportYAML

/// `webhook`: JSON of anybody's making, mapped to interactions.
struct WebhookSettings: AdapterSettings {
    static let type = "webhook"
    static let keys = ["signature", "format", "map", "maxBody", "region"]

    var signature: SignatureSettings
    var format: WebhookAdapter.Format
    var mapping: WebhookMapping
    var maxBody: Int
    var region: String?

    let outboundChannel: Channel? = nil

    init(_ config: YAMLMapping, folder: String) throws {
        signature = try SignatureSettings(config.required("signature"), folder: folder)
        format = try config["format"]?.word(WebhookAdapter.Format.self) ?? .json
        mapping = try config["map"].map(WebhookMapping.init(config:)) ?? WebhookMapping()
        // Its repetitions come under one id for days, long after equal bytes count as something new.
        if signature.scheme == .standardWebhooks, mapping.idHeader == nil { mapping.idHeader = "webhook-id" }
        maxBody = try config["maxBody"]?.bytes(in: 1...(64 << 20)) ?? 1 << 20
        region = try config["region"]?.region()
    }

    func check(templates: String, topics: [String]?) -> [any Error] {
        failures({ _ = try signature.build() })
    }

    func build(_ context: BuildContext) throws -> BuiltAdapter {
        BuiltAdapter(
            inbound: WebhookAdapter(
                name: context.name, scheme: try signature.build(), format: format, mapping: mapping,
                bodyLimit: maxBody, region: region))
    }

    var described: [(key: String, value: String)] {
        [
            ("signature", signature.described), ("format", format.rawValue), ("maxBody", "\(maxBody)"),
            ("region", region ?? "the hub's"),
        ]
    }
}

extension WebhookMapping {
    /// Reads `map:`, where every place is a JSON Pointer (RFC 6901).
    fileprivate init(config value: YAMLValue) throws {
        let map = try value.mapping(keys: [
            "events", "id", "time", "timeFormat", "kind", "kinds", "defaultKind", "addresses", "subject", "text",
            "language", "attributes", "keywords", "idHeader", "kindHeader",
        ])
        func pointer(_ key: String) throws -> JSONPointer? { try map[key].map(JSONPointer.init(config:)) }
        self.init(
            events: try pointer("events"), id: try pointer("id"), idHeader: try map["idHeader"]?.string(),
            time: try pointer("time"), timeFormat: try map["timeFormat"]?.word(TimeFormat.self) ?? .rfc3339,
            kind: try pointer("kind"), kindHeader: try map["kindHeader"]?.string(),
            subject: try pointer("subject"), text: try pointer("text"), language: try pointer("language"),
            readsKeywords: try map["keywords"]?.bool() ?? false)
        for (word, kind) in try map["kinds"]?.openMapping().pairs ?? [] {
            kinds[word] = try InteractionKind(config: kind)
        }
        if let kind = map["defaultKind"] { defaultKind = try InteractionKind(config: kind) }
        addresses = try map["addresses"]?.list().map(AddressRule.init(config:)) ?? []
        for (name, place) in try map["attributes"]?.openMapping().pairs ?? [] {
            attributes[name] = try JSONPointer(config: place)
        }
    }
}

extension WebhookMapping.AddressRule {
    /// `/data/email`, or `{at: /data/customer, scheme: id, system: crm}`.
    fileprivate init(config value: YAMLValue) throws {
        guard value.isMapping else {
            self.init(try JSONPointer(config: value))
            return
        }
        let rule = try value.mapping(keys: ["at", "scheme", "system"])
        self.init(
            try JSONPointer(config: rule.required("at")), scheme: try rule["scheme"]?.word(Address.Scheme.self),
            system: try rule["system"]?.string())
    }
}

extension JSONPointer {
    fileprivate init(config value: YAMLValue) throws {
        guard let pointer = JSONPointer(try value.string()) else {
            throw value.problem("expected a JSON Pointer such as /data/id")
        }
        self = pointer
    }
}

extension InteractionKind {
    fileprivate init(config value: YAMLValue) throws {
        let text = try value.string()
        guard let kind = InteractionKind(rawValue: text), kind.mayBeTold else {
            throw value.problem(
                "‘\(text)’ is no kind that a webhook can tell"
                    + NearestWord.hint(for: text, among: InteractionKind.told.map(\.rawValue) + ["event.NAME"]))
        }
        self = kind
    }
}
