import RapportCore

/// Turns the document of a policy file into its parts.
struct PolicyReader {
    private(set) var topics: [Topic] = []
    private(set) var rules: [any PolicyRule] = []
    private(set) var zone: Zone?
    /// Whether a rule asks for the topics of dispatches.
    private(set) var countsByTopic = false

    private let zones: ZoneDatabase
    private let problems: Problems

    /// Reads everything and reports what is wrong; `zone` is set when nothing was.
    init(_ root: DocumentNode, path: String, zones: ZoneDatabase, problems: Problems) {
        self.zones = zones
        self.problems = problems
        let keys = ["timeZone", "topics", "suppressions", "rules"]
        guard let fields = FieldReader(root, path, keys: keys, problems) else { return }
        readZone(fields)
        readTopics(fields)
        readSuppressions(fields)
        readRules(fields)
    }

    private mutating func readZone(_ fields: FieldReader) {
        let expected = "the name of a time zone, such as Asia/Shanghai"
        guard let node = fields.required("timeZone", expected),
            let name = fields.text(node, fields.place("timeZone"), expected)
        else { return }
        zone =
            zones.zone(named: name)
            ?? problems.unknown(
                name, at: node.position, fields.place("timeZone"), "time zone", valid: zones.names())
    }

    private mutating func readTopics(_ fields: FieldReader) {
        guard let node = fields.optional("topics") else { return }
        guard case .mapping(let entries) = node.content else {
            let _: Never? = fields.mismatch(node, fields.place("topics"), "a mapping of topics")
            return
        }
        topics = entries.compactMap { readTopic($0, fields.place("topics") + "." + $0.key) }
    }

    private func readTopic(_ entry: DocumentNode.Entry, _ path: String) -> Topic? {
        // The ledger writes `*` for every topic.
        guard !entry.key.isEmpty, entry.key != "*" else {
            let found = DocumentNode.shown(entry.key)
            problems.report(entry.position, path, "expected the name of a topic, found \(found)")
            return nil
        }
        let keys = ["title", "consent", "doubleOptIn", "expireAfter"]
        guard let fields = FieldReader(entry.value, path, keys: keys, problems) else { return nil }
        let title = fields.has("title") ? fields.requiredText("title", "the topic's title") : entry.key
        let doubleOptIn = fields.has("doubleOptIn") ? fields.list("doubleOptIn") { fields.channel($0, $1) } : []
        var expireAfter: Span?
        if fields.has("expireAfter"), let span = fields.span("expireAfter") {
            expireAfter = span.span
            if span.span == .forever {
                problems.report(fields.position, fields.place("expireAfter"), "forever is said by leaving the key out")
            }
        }
        guard let consent = fields.word("consent", of: Topic.Consent.self), let title, let doubleOptIn else {
            return nil
        }
        return Topic(
            name: entry.key, title: title, consent: consent, doubleOptIn: Set(doubleOptIn), expireAfter: expireAfter)
    }

    private mutating func readSuppressions(_ fields: FieldReader) {
        var blocking = SuppressedRule.defaults
        if let node = fields.optional("suppressions"),
            let reasons = FieldReader(
                node, fields.place("suppressions"), keys: Suppression.Reason.allCases.map(\.rawValue), problems)
        {
            for reason in Suppression.Reason.allCases where reasons.has(reason.rawValue) {
                blocking[reason] = reasons.list(reason.rawValue) { reasons.messageClass($0, $1) }
            }
        }
        rules = [ErasedRule(), SuppressedRule(blocking: blocking), ConsentRule(), PausedRule()]
        rules += DuplicateRule.always
        rules.append(OwnQuietHoursRule())
    }

    private mutating func readRules(_ fields: FieldReader) {
        guard let node = fields.optional("rules") else { return }
        guard case .sequence(let items) = node.content else {
            let _: Never? = fields.mismatch(node, fields.place("rules"), "a list of rules")
            return
        }
        for (index, item) in items.enumerated() {
            if let rule = readRule(item, "\(fields.place("rules"))[\(index)]") { rules.append(rule) }
        }
        // Rules are asked in the order of their names; built-in ones first, and then as the file has them.
        rules = rules.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
            .map(\.element)
    }

    private mutating func readRule(_ node: DocumentNode, _ path: String) -> (any FileRule)? {
        guard case .mapping(let entries) = node.content, entries.count == 1, let entry = entries.first else {
            let expected = "expected one rule, such as cap: {max: 3, per: 7d, scope: customer}"
            problems.report(node.position, path, "\(expected), found \(node.summary)")
            return nil
        }
        guard let type = FileRules.all.first(where: { $0.word == entry.key }) else {
            return problems.unknown(
                entry.key, at: entry.position, path, "rule", valid: FileRules.all.map { $0.word })
        }
        let keys = type.keys + FileRules.narrowingKeys
        guard let fields = FieldReader(entry.value, path + "." + entry.key, keys: keys, problems) else { return nil }
        let narrowing = readNarrowing(fields)
        // The rule is read even when its narrowing is wrong, so that everything wrong is told at once.
        guard let rule = type.init(fields, narrowing: narrowing ?? .everything), let narrowing else { return nil }
        if narrowing.namesTopics { countsByTopic = true }
        return rule
    }

    private func readNarrowing(_ fields: FieldReader) -> Narrowing? {
        let classes = fields.has("classes") ? fields.list("classes") { fields.messageClass($0, $1) } : [.marketing]
        let channels = fields.has("channels") ? fields.list("channels") { fields.channel($0, $1) } : []
        let topicNames = topics.map(\.name)
        let topics: [Int]? =
            fields.has("topics")
            ? fields.list("topics") { node, place in
                guard let name = fields.text(node, place, "the name of a topic") else { return nil }
                return topicNames.firstIndex(of: name)
                    ?? problems.unknown(name, at: node.position, place, "topic", valid: topicNames)
            } : []
        guard let classes, let channels, let topics else { return nil }
        return Narrowing(
            classes: classes, channels: channels.isEmpty ? nil : channels, topics: topics.isEmpty ? nil : topics)
    }
}

extension FieldReader {
    /// One that a message can leave through.
    func channel(_ node: DocumentNode, _ place: String) -> Channel? {
        word(node, place, of: Channel.outbound, "channel")
    }

    func messageClass(_ node: DocumentNode, _ place: String) -> MessageClass? {
        word(node, place, of: MessageClass.allCases, "class")
    }
}
