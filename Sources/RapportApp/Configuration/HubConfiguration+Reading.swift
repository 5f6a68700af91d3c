import Foundation
import RapportHub
import RapportServer
import RapportYAML

extension HubConfiguration {
    private static let keys = [
        "store", "http", "region", "policy", "templates", "secret", "adapters", "api", "serviceLevels", "retention",
        "answers", "retry",
    ]

    /// Reads and checks the whole file.
    ///
    /// - Throws: `YAMLProblem` with file, line and what was expected; `ConfigurationError` when the file is not there.
    package init(file: String) throws {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw ConfigurationError("\(file): there is no such file, or it is not UTF-8")
        }
        try self.init(text: text, file: file)
    }

    package init(text: String, file: String) throws {
        let folder = URL(filePath: file).deletingLastPathComponent().path
        let root = try YAMLValue.parse(text, file: file).mapping(keys: Self.keys)
        self.file = file
        storePath = try Self.store(root["store"], folder: folder)
        http = try root["http"].map(Self.http) ?? HTTPSection()
        region = try root["region"]?.region() ?? "CN"
        policyFile = Paths.resolve(try root["policy"]?.string() ?? "policy.yaml", in: folder)
        templates = Paths.resolve(try root["templates"]?.string() ?? "templates", in: folder)
        secret = try SecretReference(root.required("secret"), folder: folder)
        adapters = try Self.adapters(root["adapters"], folder: folder)
        tokens = try Self.tokens(root["api"])
        serviceLevels = try Self.serviceLevels(root["serviceLevels"])
        retention = try Self.retention(root["retention"])
        answers = try root["answers"].map(Self.answers) ?? AnswerSection()
        retry = try root["retry"].map(Self.retry) ?? RetrySchedule()
    }

    private static func store(_ value: YAMLValue?, folder: String) throws -> String {
        let text = try value?.string() ?? "sqlite:data/rapport.db"
        guard text.hasPrefix("sqlite:"), text.count > 7 else {
            throw value?.problem("expected sqlite:PATH") ?? ConfigurationError("store: expected sqlite:PATH")
        }
        // Its locks lie beside it: over a link that lies elsewhere a second hub would not find the first one's.
        return Paths.real(Paths.resolve(String(text.dropFirst(7)), in: folder))
    }

    private static func retention(_ value: YAMLValue?) throws -> RetentionSection {
        guard let payloads = try value?.mapping(keys: ["payloads"])["payloads"] else { return RetentionSection() }
        let seconds = try payloads.seconds(in: 86400...315_360_000)
        guard seconds % 86400 == 0 else { throw payloads.problem("expected a whole number of days, such as 90d") }
        return RetentionSection(payloadDays: Int(seconds / 86400))
    }

    private static func http(_ value: YAMLValue) throws -> HTTPSection {
        let mapping = try value.mapping(keys: [
            "listen", "publicURL", "trustForwardedFor", "metricsNeedToken", "connections", "idleTimeout", "bodyTimeout",
        ])
        var section = HTTPSection()
        if let listen = mapping["listen"] {
            (section.host, section.port) = try listen.hostAndPort()
            let host = section.host.contains(":") ? "[\(section.host)]" : section.host
            section.publicURL = "http://\(host):\(section.port)"
            // Customers would be sent links to an address that nobody has.
            if ["0.0.0.0", "::"].contains(section.host), mapping["publicURL"] == nil {
                throw listen.problem("who listens on every address needs a publicURL; the key ‘publicURL’ is missing")
            }
        }
        if let url = mapping["publicURL"] { section.publicURL = try url.baseURL() }
        section.trustsForwardedFor = try mapping["trustForwardedFor"]?.bool() ?? false
        section.metricsNeedToken = try mapping["metricsNeedToken"]?.bool() ?? false
        if let connections = mapping["connections"] { section.connections = try connections.int(in: 8...100_000) }
        if let idle = mapping["idleTimeout"] { section.idleSeconds = Int(try idle.seconds(in: 1...3600)) }
        if let body = mapping["bodyTimeout"] { section.bodySeconds = Int(try body.seconds(in: 1...3600)) }
        return section
    }

    private static func retry(_ value: YAMLValue) throws -> RetrySchedule {
        let mapping = try value.mapping(keys: ["first", "longest", "attempts"])
        var schedule = RetrySchedule()
        if let first = mapping["first"] { schedule.firstSeconds = try first.seconds(in: 1...86400) }
        if let longest = mapping["longest"] {
            schedule.longestSeconds = try longest.seconds(in: 1...604_800)
            guard schedule.longestSeconds >= schedule.firstSeconds else {
                throw longest.problem("expected at least as long as the first wait, \(schedule.firstSeconds)s")
            }
        }
        schedule.longestSeconds = max(schedule.longestSeconds, schedule.firstSeconds)
        if let attempts = mapping["attempts"] { schedule.attempts = try attempts.int(in: 1...1000) }
        return schedule
    }

    private static func adapters(_ value: YAMLValue?, folder: String) throws -> [AdapterEntry] {
        guard let mapping = try value?.openMapping() else { return [] }
        return try mapping.keys.map { name, place in
            guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }),
                (1...40).contains(name.utf8.count), !["api", "cli", "hub", "web"].contains(name)
            else {
                throw place.problem(
                    "‘\(name)’ can't be an adapter's name: letters, digits, - and _, and not api, cli, hub, web")
            }
            guard let settings = mapping[name] else {
                throw place.problem("the adapter ‘\(name)’ has no settings; expected at least ‘type’")
            }
            return AdapterEntry(
                name: name, settings: try AdapterCatalog.read(settings, folder: folder), place: Place(place))
        }
    }

    private static func tokens(_ value: YAMLValue?) throws -> [APIToken] {
        var names: Set<String> = []
        return try value?.mapping(keys: ["tokens"])["tokens"]?.list().map { entry in
            let mapping = try entry.mapping(keys: ["name", "hash", "scopes"])
            let hash = try mapping.required("hash")
            let text = try hash.string()
            guard text.hasPrefix("sha256:") else {
                throw hash.problem("expected sha256: and 64 hexadecimal digits; ‘rapport config token’ makes one")
            }
            let name = try mapping.required("name")
            // The log names who wrote by it.
            guard try names.insert(name.string()).inserted else {
                throw name.problem("a token of the name ‘\(try name.string())’ stands here already")
            }
            let scopes = try mapping.required("scopes").list().map { try $0.word(APIToken.Scope.self) }
            do {
                return try APIToken(
                    name: name.string(), sha256: String(text.dropFirst(7)), scopes: Set(scopes))
            } catch let error as APITokenError {
                throw entry.problem(error.description)
            }
        } ?? []
    }

    private static func serviceLevels(_ value: YAMLValue?) throws -> ServiceLevels {
        var levels = ServiceLevels()
        for (kind, place, duration) in try value?.openMapping().entries ?? [] {
            // A menu may open follow-ups of any kind, so that only a slip of the hub's own words can be told.
            let known = ServiceLevels.usual.keys.sorted() + ["default"]
            if !known.contains(kind), let nearest = NearestWord.nearest(to: kind, in: known) {
                throw place.problem("no kind of follow-up is called ‘\(kind)’; did you mean ‘\(nearest)’?")
            }
            if kind == "default" {
                levels.standard = try duration.seconds()
            } else {
                levels.byKind[kind] = try duration.seconds()
            }
        }
        return levels
    }

    private static func answers(_ value: YAMLValue) throws -> AnswerSection {
        let mapping = try value.mapping(keys: ["help", "topic"])
        let section = AnswerSection(
            help: try mapping["help"]?.string(), topic: try mapping["topic"]?.string(),
            place: Place(mapping["topic"] ?? value))
        if section.help != nil, section.topic == nil {
            throw value.problem("an answer needs a topic of the contact policy; the key ‘topic’ is missing")
        }
        return section
    }
}
