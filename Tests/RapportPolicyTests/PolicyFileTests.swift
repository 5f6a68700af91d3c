import RapportCore
import Testing

@testable import RapportPolicy

@Suite("The policy file")
struct PolicyFileTests {
    /// A file of one fault, where it is, and what was probably meant.
    struct Fault: Sendable, CustomTestStringConvertible {
        var rule: String
        var column: Int
        var says: String
        var nearest: String?
        var testDescription: String { rule }

        init(_ rule: String, _ column: Int, _ says: String, _ nearest: String? = nil) {
            self.rule = rule
            self.column = column
            self.says = says
            self.nearest = nearest
        }
    }

    static let faults = [
        Fault("caps: { max: 3, per: 7d, scope: customer }", 5, "unknown rule", "cap"),
        Fault("cap: { max: 3, per: 7d, scop: customer, scope: customer }", 29, "unknown key", "scope"),
        Fault("cap: { max: 0, per: 7d, scope: customer }", 17, "whole number from 1"),
        Fault("cap: { max: -1, per: 7d, scope: customer }", 17, "whole number from 1"),
        Fault("cap: { max: 1.5, per: 7d, scope: customer }", 17, "whole number from 1"),
        Fault("cap: { max: \"3\", per: 7d, scope: customer }", 17, "found the text"),
        Fault("cap: { max: 99999999999999999999, per: 7d, scope: customer }", 17, "whole number from 1"),
        Fault("cap: { per: 7d, scope: customer }", 10, "the key max is missing"),
        Fault("cap: { max: 3, scope: customer }", 10, "the key per is missing"),
        Fault("cap: { max: 3, per: 7d }", 10, "the key scope is missing"),
        Fault("cap: { max: 3, per: weak, scope: customer }", 25, "day, week or month", "week"),
        Fault("cap: { max: 3, per: 2mo, scope: customer }", 25, "exact time"),
        Fault("cap: { max: 3, per: forever, scope: customer }", 25, "exact time"),
        Fault("cap: { max: 3, per: 0d, scope: customer }", 25, "exact time"),
        Fault("cap: { max: 3, per: 7d, scope: costumer }", 36, "unknown word", "customer"),
        Fault("cap: { max: 3, per: 7d, scope: customer, onHit: drop }", 53, "defer, skip"),
        Fault("cap: { max: 3, per: 7d, scope: customer, classes: [] }", 55, "at least one"),
        Fault("cap: { max: 3, per: 7d, scope: customer, classes: [markting] }", 56, "unknown class", "marketing"),
        Fault("cap: { max: 3, per: 7d, scope: customer, classes: marketing }", 55, "a list"),
        Fault("cap: { max: 3, per: 7d, scope: customer, channels: [fax] }", 57, "email, sms, webhook, ivr"),
        Fault("cap: { max: 3, per: 7d, scope: customer, channels: [web] }", 57, "unknown channel"),
        Fault("cap: { max: 3, per: 7d, scope: customer, channels: [] }", 56, "at least one"),
        Fault("cap: { max: 3, per: 7d, scope: customer, topics: [offer] }", 55, "unknown topic", "offers"),
        Fault("cap: { max: 3, per: 7d, scope: customer, topics: [] }", 54, "at least one"),
        Fault("cap: [1]", 10, "expected a mapping"),
        Fault("gap: { min: 1y, scope: customer }", 17, "exact time"),
        Fault("gap: { min: 4 h, scope: customer }", 17, "exact time"),
        Fault("gap: { min: 4, scope: customer }", 17, "exact time"),
        Fault("gap: { min: 1h30m, scope: customer }", 17, "exact time"),
        Fault("gap: { min: 99999d, scope: customer }", 17, "exact time"),
        Fault("responded: { within: 60days }", 26, "forever"),
        Fault("responded: {}", 16, "the key within is missing"),
        Fault("openCase: { kinds: [] }", 24, "at least one"),
        Fault("openCase: {}", 15, "the key kinds is missing"),
        Fault("holdout: { percent: 101, salt: x }", 25, "from 0 to 100"),
        Fault("holdout: { percent: 100.001, salt: x }", 25, "from 0 to 100"),
        Fault("holdout: { percent: -1, salt: x }", 25, "from 0 to 100"),
        Fault("holdout: { percent: 5%, salt: x }", 25, "from 0 to 100"),
        Fault("holdout: { percent: 5 }", 14, "the key salt is missing"),
        Fault("duplicate: { same: contents, per: address, within: 90d }", 24, "unknown word", "content"),
        Fault("duplicate: { same: content, per: address }", 16, "the key within is missing"),
        Fault("quietHours: { from: \"21:00\", to: \"21:00\" }", 17, "another time than from"),
        Fault("quietHours: { from: \"24:00\", to: \"08:00\" }", 25, "time of day"),
        Fault("quietHours: { from: \"9:00\", to: \"08:00\" }", 25, "time of day"),
        Fault("quietHours: { from: \"21:60\", to: \"08:00\" }", 25, "time of day"),
        Fault("quietHours: { from: \"21:00\" }", 17, "the key to is missing"),
        Fault("calendar: { closed: [sunday] }", 26, "unknown weekday", "sun"),
        Fault("calendar: { dates: [\"2026-02-30\"] }", 25, "a date"),
        Fault("calendar: { dates: [2026-1-1] }", 25, "a date"),
        Fault("calendar: { closed: sat }", 25, "a list"),
        Fault("{ cap: { max: 1, per: 1d, scope: customer }, gap: { min: 1h, scope: customer } }", 5, "one rule"),
        Fault("cap", 5, "one rule"),
    ]

    @Test("a rule with a fault is refused with its place, what was expected and the nearest word", arguments: faults)
    func rules(_ fault: Fault) throws {
        let text = Samples.topics + "rules:\n  - \(fault.rule)\n"
        let error = try #require(throws: PolicyFileError.self) { try ContactPolicy(yaml: text, file: "policy.yaml") }
        let nearby = fault.says == "unknown weekday" ? nil : fault.nearest
        let problem = try #require(error.problems.first)
        #expect(error.problems.count == 1)
        #expect(problem.line == 7)
        #expect(problem.column == fault.column)
        #expect(problem.message.contains(fault.says), "\(problem.message)")
        #expect(problem.nearest == nearby)
        #expect(error.description.hasPrefix("policy.yaml:7:\(fault.column): rules[0]"))
    }

    @Test(
        "so is everything else that is wrong",
        arguments: [
            ("", 1, 1, "a mapping"),
            ("- a", 1, 1, "expected a mapping"),
            ("timezone: UTC\ntimeZone: UTC", 1, 1, "unknown key"),
            ("topics: {}", 1, 1, "the key timeZone is missing"),
            ("timeZone: Asia/Shanghi", 1, 11, "unknown time zone"),
            ("timeZone: ../../etc/passwd", 1, 11, "unknown time zone"),
            ("timeZone: zone.tab", 1, 11, "unknown time zone"),
            ("timeZone: localtime", 1, 11, "unknown time zone"),
            ("timeZone: [UTC]", 1, 11, "expected the name of a time zone"),
            ("timeZone:", 1, 10, "expected the name of a time zone"),
            ("timeZone: UTC\ntimeZone: UTC", 2, 1, "twice"),
            ("timeZone: UTC\ntopics: { a: { consent: none }, a: { consent: none } }", 2, 33, "twice"),
            ("timeZone: UTC\ntopics: [a]", 2, 9, "mapping of topics"),
            ("timeZone: UTC\ntopics: { a: {} }", 2, 14, "the key consent is missing"),
            ("timeZone: UTC\ntopics: { \"*\": { consent: none } }", 2, 11, "name of a topic"),
            ("timeZone: UTC\ntopics: { a: { consent: optin } }", 2, 25, "unknown word"),
            ("timeZone: UTC\ntopics: { a: { consent: none, doubleOptIn: [mail] } }", 2, 45, "unknown channel"),
            ("timeZone: UTC\ntopics: { a: { consent: none, doubleOptIn: true } }", 2, 44, "a list"),
            ("timeZone: UTC\ntopics: { a: { consent: none, expireAfter: 2w } }", 2, 44, "a time such as"),
            ("timeZone: UTC\ntopics: { a: { consent: none, expireAfter: forever } }", 2, 14, "forever"),
            ("timeZone: UTC\ntopics: { a: { consent: none, title: [x] } }", 2, 38, "title"),
            ("timeZone: UTC\nsuppressions: { bounce: [marketing] }", 2, 17, "unknown key"),
            ("timeZone: UTC\nsuppressions: { stop: [] }", 2, 23, "at least one"),
            ("timeZone: UTC\nsuppressions: { stop: [all] }", 2, 24, "unknown class"),
            ("timeZone: UTC\nrules: { cap: {} }", 2, 8, "a list of rules"),
            ("timeZone: UTC\nrules:", 2, 7, "a list of rules"),
            ("timeZone: UTC\nrules: [", 3, 1, "not YAML"),
            ("timeZone: &z UTC", 1, 11, "anchors"),
            ("timeZone: UTC\n---\ntimeZone: UTC", 2, 1, "not YAML"),
            ("timeZone: \u{0}", 1, 1, "NUL"),
            (String(repeating: "[", count: 40) + String(repeating: "]", count: 40), 1, 33, "too deeply"),
            (String(repeating: "#", count: 300_000), 1, 1, "at most"),
        ])
    func others(text: String, line: Int, column: Int, says: String) throws {
        let error = try #require(throws: PolicyFileError.self) { try ContactPolicy(yaml: text) }
        let problem = try #require(error.problems.first)
        #expect(problem.message.contains(says), "\(problem.message)")
        #expect([problem.line, problem.column] == [line, column])
    }

    @Test("everything wrong is told at once, in the order of the file")
    func all() throws {
        let text = """
            timeZone: Europe/Berln
            topics: { offers: { consent: opt-inn } }
            suppressions: { complaints: [marketing] }
            rules:
              - cap: { max: 0, per: 7d, scope: customer }
              - gapp: { min: 4h }
            """
        let error = try #require(throws: PolicyFileError.self) { try ContactPolicy(yaml: text) }
        #expect(error.problems.map(\.line) == [1, 2, 3, 5, 6])
        #expect(error.problems.map(\.nearest) == ["Europe/Berlin", "opt-in", "complaint", nil, "gap"])
    }

    @Test("a thousand faults are told as fifty")
    func many() throws {
        let text = Samples.topics + "rules:\n" + String(repeating: "  - nothing\n", count: 1000)
        let error = try #require(throws: PolicyFileError.self) { try ContactPolicy(yaml: text) }
        #expect(error.problems.count == 50)
    }

    @Test("an accepted file keeps its topics in order and has a version that changes with any byte")
    func accepted() throws {
        let policy = try Samples.policy("calendar: { closed: [], dates: [] }", "responded: { within: forever }")
        #expect(policy.topics.map(\.name) == ["offers", "news", "care"])
        #expect(policy.topics.map(\.title) == ["Offers", "news", "care"])
        #expect(policy.topics[0].expireAfter == .months(12))
        #expect(policy.timeZone == "Asia/Shanghai")
        #expect(policy.version.count == 16)
        let other = try ContactPolicy(yaml: Samples.topics + "# a remark\n")
        #expect(try ContactPolicy(yaml: Samples.topics).version != other.version)
        #expect(ContactPolicy.version(of: "abc".utf8) == "ba7816bf8f01cfea")
    }

    @Test("the example of the description is accepted")
    func example() throws {
        let text = """
            timeZone: Asia/Shanghai             # required: used when a customer has none
            topics:
              offers:   { title: "Offers", consent: opt-in, doubleOptIn: [email], expireAfter: 24mo }
              news:     { title: "News",   consent: opt-out }
              care:     { title: "Your service request", consent: none }
            suppressions:
              hard-bounce: [marketing, service, transactional]
              complaint:   [marketing, service]
            rules:
              - openCase:   { kinds: [complaint] }
              - responded:  { within: 60d }
              - holdout:    { percent: 5, salt: 2026H2 }
              - duplicate:  { same: content, per: address, within: 90d }
              - duplicate:  { same: campaign, per: household, within: forever }
              - cap:        { max: 3, per: 7d, scope: customer }
              - cap:        { max: 1, per: day, scope: address, channels: [sms], onHit: skip }
              - gap:        { min: 4h, scope: customer }
              - quietHours: { from: "21:00", to: "08:00", channels: [sms, ivr] }
              - calendar:   { closed: [sat, sun], dates: ["2026-10-01"], channels: [ivr] }
            """
        let decision = try ContactPolicy(yaml: text)
            .evaluate(Samples.request(), .init(customer: Samples.customer()), now: Samples.noon)
        #expect(
            decision.findings.map(\.rule) == [
                .erased, .suppressed, .consent, .paused, .openCase, .responded, .holdout, .duplicate, .duplicate,
                .duplicate, .duplicate, .cap, .cap, .gap, .quietHours, .quietHours, .calendar, .expired,
            ])
    }

    @Test("a file that is missing, or not text, is refused without a line")
    func unreadable() throws {
        let error = try #require(throws: PolicyFileError.self) { try ContactPolicy(contentsOf: "/nowhere/policy.yaml") }
        #expect(error.description == "/nowhere/policy.yaml: the file can't be opened")
    }
}
