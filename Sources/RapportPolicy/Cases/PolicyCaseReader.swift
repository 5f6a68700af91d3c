import RapportCore

/// Reads one case out of a JSON document, strictly: a key that means nothing is an error, because a case that tests
/// less than its author thinks is worse than none. `null` is the same as leaving a key out.
struct PolicyCaseReader {
    private static let lists = ["consents", "suppressions", "dispatches", "openCases", "responses"]
    private static let keys = ["name", "now", "expect", "at", "customer", "request"] + lists

    /// `nil` when something was reported.
    static func read(_ node: DocumentNode, _ path: String, _ problems: Problems) -> PolicyCase? {
        guard let fields = FieldReader(node, path, keys: keys, problems, allowsNull: true) else { return nil }
        let name = fields.requiredText("name", "what the case is about")
        let moments = moments(fields)
        let facts = facts(fields)
        let request = fields.object(
            "request",
            keys: ["class", "topic", "channel", "address", "campaign", "occurrence", "offer", "content", "expiresAt"]
        ).flatMap(request)
        guard let name, let moments, let facts, let request else { return nil }
        return PolicyCase(name: name, facts: facts, request: request, moments: moments)
    }

    private static func moments(_ fields: FieldReader) -> [PolicyCase.Moment]? {
        guard fields.has("at") else { return moment(fields).map { [$0] } }
        for key in ["now", "expect"] where fields.has(key) {
            fields.problems.report(fields.position, fields.place(key), "expected either at, or now and expect")
        }
        return fields.list("at") { node, path in
            FieldReader(node, path, keys: ["now", "expect"], fields.problems, allowsNull: true).flatMap(moment)
        }
    }

    private static func moment(_ fields: FieldReader) -> PolicyCase.Moment? {
        let now = fields.instant("now")
        let keys = ["verdict", "rule", "until", "evidence"]
        guard let expect = fields.object("expect", keys: keys).flatMap(expectation), let now else { return nil }
        return PolicyCase.Moment(now: now, expect: expect)
    }

    private static func expectation(_ fields: FieldReader) -> PolicyExpectation? {
        guard let verdict = fields.word("verdict", of: PolicyExpectation.Outcome.self) else { return nil }
        var evidence: [String]?
        if let node = fields.optional("evidence") {
            evidence = fields.list(node, fields.place("evidence"), allowsNone: true) { fields.string($0, $1) }
        }
        return PolicyExpectation(
            verdict: verdict, rule: fields.has("rule") ? fields.word("rule", of: RuleName.self) : nil,
            until: fields.optionalInstant("until"), evidence: evidence?.sorted())
    }

    private static func facts(_ fields: FieldReader) -> ContactFacts? {
        let consents = fields.objects("consents", keys: FactKeys.consent) { $0.consent() }
        let suppressions = fields.objects("suppressions", keys: FactKeys.suppression) { $0.suppression() }
        let dispatches = fields.objects("dispatches", keys: FactKeys.dispatch) { $0.dispatch() }
        let openCases = fields.objects("openCases", keys: FactKeys.openCase) { $0.openCase() }
        let responses = fields.objects("responses", keys: FactKeys.response) { $0.response() }
        let customer = fields.object("customer", keys: FactKeys.customer).flatMap { $0.customer() }
        guard let customer, let consents, let suppressions, let dispatches, let openCases, let responses else {
            return nil
        }
        return ContactFacts(
            customer: customer, consents: consents, suppressions: suppressions, dispatches: dispatches,
            openCases: openCases, responses: responses)
    }

    private static func request(_ fields: FieldReader) -> ContactRequest? {
        let messageClass = fields.word("class", of: MessageClass.self)
        let topic = fields.string("topic")
        let channel = fields.outboundChannel("channel")
        guard let address = fields.address("address"), let messageClass, let topic, let channel else { return nil }
        return ContactRequest(
            messageClass: messageClass, topic: topic, channel: channel, address: address,
            campaign: fields.optionalString("campaign"), occurrence: fields.optionalString("occurrence"),
            offer: fields.optionalString("offer"), content: fields.optionalString("content"),
            expiresAt: fields.optionalInstant("expiresAt"))
    }
}
