import RapportCore
package import RapportYAML

/// Reads `campaign.yaml`.
package enum CampaignFile {
    private static let keys = [
        "title", "class", "topic", "channels", "adapters", "audience", "offer", "occurrence", "schedule", "expires",
        "language", "throttle", "repeats", "variables",
    ]

    package static func read(_ root: YAMLValue, name: String) throws -> CampaignDefinition {
        let file = try root.mapping(keys: keys)
        let messageClass = try file["class"]?.word(MessageClass.self) ?? .marketing
        let repeats = try file["repeats"]?.bool() ?? false
        if repeats, messageClass != .transactional {
            throw file["repeats"]?.problem("only a campaign of class transactional may repeat") ?? root.problem("")
        }
        return CampaignDefinition(
            name: name, title: try file["title"]?.string() ?? name, messageClass: messageClass,
            topic: try file.required("topic").string(), channels: try channels(file.required("channels")),
            adapters: try words(file["adapters"]), audience: try audience(file.required("audience")),
            offer: try file["offer"]?.string(), occurrence: try file["occurrence"]?.string(),
            startAt: try file["schedule"]?.mapping(keys: ["start"])["start"].map(instant),
            expiry: try file["expires"].map(expiry), language: try file["language"]?.string() ?? "en",
            throttle: try throttle(file["throttle"]), repeats: repeats, variables: try words(file["variables"]),
            templates: [], attachments: [], content: "")
    }

    private static func channels(_ value: YAMLValue) throws -> [Channel] {
        let channels = try value.list().map { try $0.word(among: Channel.outbound) }
        guard !channels.isEmpty else { throw value.problem("expected at least one channel") }
        guard Set(channels).count == channels.count else { throw value.problem("a channel stands here twice") }
        return channels
    }

    private static func words(_ value: YAMLValue?) throws -> [String: String] {
        guard let value else { return [:] }
        return try Dictionary(uniqueKeysWithValues: value.openMapping().pairs.map { ($0.key, try $0.value.string()) })
    }

    private static func audience(_ value: YAMLValue) throws -> CampaignDefinition.Audience {
        guard value.isMapping else {
            guard try value.string() == "everyone" else {
                throw value.problem("expected ‘everyone’, or tags, without, attributes, languages or csv")
            }
            return .everyone
        }
        let mapping = try value.mapping(keys: ["tags", "without", "attributes", "languages", "csv"])
        if let csv = mapping["csv"] {
            guard mapping.keys.count == 1 else { throw value.problem("csv stands alone: the file names the customers") }
            let file = try csv.string()
            guard !file.hasPrefix("/"), !file.split(separator: "/").contains("..") else {
                throw csv.problem("expected a file in the campaign's folder")
            }
            return .csv(file: file)
        }
        func set(_ key: String) throws -> Set<String> {
            Set(try mapping[key]?.list().map { try $0.string() } ?? [])
        }
        return .filter(
            tags: try set("tags"), withoutTags: try set("without"), attributes: try words(mapping["attributes"]),
            languages: try set("languages"))
    }

    private static func instant(_ value: YAMLValue) throws -> Timestamp {
        guard let instant = Timestamp(rfc3339: try value.string()) else {
            throw value.problem("expected an instant such as 2026-03-01T09:00:00+08:00")
        }
        return instant
    }

    private static func expiry(_ value: YAMLValue) throws -> CampaignDefinition.Expiry {
        if let instant = Timestamp(rfc3339: try value.string()) { return .at(instant) }
        guard let seconds = try? value.seconds() else {
            throw value.problem("expected a duration such as 14d, or an instant such as 2026-03-01T09:00:00+08:00")
        }
        return .after(seconds: seconds)
    }

    private static func throttle(_ value: YAMLValue?) throws -> ThrottleSettings {
        guard let value else { return ThrottleSettings() }
        let mapping = try value.mapping(keys: ["perMinute", "perDomainPerMinute"])
        return ThrottleSettings(
            perMinute: try mapping["perMinute"]?.int(in: 1...10_000_000),
            perDomainPerMinute: try mapping["perDomainPerMinute"]?.int(in: 1...10_000_000))
    }
}
