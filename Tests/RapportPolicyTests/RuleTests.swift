import RapportCore
import Testing

@testable import RapportPolicy

@Suite("What each rule says, at its boundaries")
struct RuleTests {
    private let person = Samples.customer()
    private let noon = Samples.noon

    private func `defer`(_ rule: RuleName, _ until: String) -> Verdict {
        .defer(until: Samples.instant(until), rule: rule)
    }

    @Test("erased: nothing goes to an erased customer, whatever the class", arguments: MessageClass.allCases)
    func erased(messageClass: MessageClass) throws {
        let policy = try Samples.policy()
        let facts = ContactFacts(customer: Samples.customer(erased: true))
        #expect(policy.judge(Samples.request(messageClass), facts, noon) == .skip(rule: .erased))
    }

    @Test(
        "suppressed: while it is in force, for its address and the classes of its reason",
        arguments: [
            (Suppression.Reason.stop, "2026-06-15T04:00:00Z", nil, MessageClass.transactional, true),
            (.stop, "2026-06-15T04:00:00.001Z", nil, .transactional, false),
            (.stop, "2026-01-01T00:00:00Z", "2026-06-15T04:00:00Z", .marketing, false),
            (.stop, "2026-01-01T00:00:00Z", "2026-06-15T04:00:00.001Z", .marketing, true),
            (.complaint, "2026-01-01T00:00:00Z", nil, .service, true),
            (.complaint, "2026-01-01T00:00:00Z", nil, .transactional, false),
            (.hardBounce, "2026-01-01T00:00:00Z", nil, .transactional, true),
            (.invalid, "2026-01-01T00:00:00Z", nil, .transactional, true),
            (.manual, "2026-01-01T00:00:00Z", nil, .transactional, true),
        ] as [(Suppression.Reason, String, String?, MessageClass, Bool)])
    func suppressed(
        reason: Suppression.Reason, at: String, until: String?, messageClass: MessageClass, blocks: Bool
    ) throws {
        let policy = try Samples.policy()
        func verdict(_ address: String) -> Verdict {
            let suppression = ContactFacts.Suppression(
                id: "s1", address: Samples.address(address), reason: reason, at: Samples.instant(at),
                until: until.map { Samples.instant($0) })
            let facts = ContactFacts(customer: person, suppressions: [suppression])
            return policy.judge(Samples.request(messageClass), facts, noon)
        }
        #expect(verdict(Samples.ana) == (blocks ? .skip(rule: .suppressed) : .send))
        #expect(verdict("mailto:bo@example.com") == .send)
    }

    @Test("suppressed: a file that names one reason leaves the others as they are")
    func suppressionDefaults() throws {
        let policy = try ContactPolicy(yaml: Samples.topics + "suppressions: { complaint: [marketing] }\n")
        func verdict(_ reason: Suppression.Reason) -> Verdict {
            let suppression = ContactFacts.Suppression(
                id: "s1", address: Samples.address(Samples.ana), reason: reason, at: noon)
            let facts = ContactFacts(customer: person, suppressions: [suppression])
            return policy.judge(Samples.request(.service), facts, noon)
        }
        #expect(verdict(.complaint) == .send)
        #expect(verdict(.stop) == .skip(rule: .suppressed))
    }

    @Test(
        "paused: marketing waits until the pause is over",
        arguments: [
            ("2026-06-15T04:00:00Z", MessageClass.marketing, nil),
            ("2026-06-15T04:00:00.001Z", .marketing, "2026-06-15T04:00:00.001Z"),
            ("2026-07-01T00:00:00Z", .service, nil),
            ("2026-07-01T00:00:00Z", .transactional, nil),
        ] as [(String, MessageClass, String?)])
    func paused(until: String, messageClass: MessageClass, expected: String?) throws {
        let facts = ContactFacts(customer: Samples.customer(pausedUntil: Samples.instant(until)))
        let verdict = try Samples.policy().judge(Samples.request(messageClass), facts, noon)
        #expect(verdict == expected.map { `defer`(.paused, $0) } ?? .send)
    }

    @Test(
        "open-case: an open case of a named kind, from when it was opened",
        arguments: [("complaint", 0, true), ("complaint", 1, false), ("callback", 0, false)] as [(String, Int64, Bool)])
    func openCase(kind: String, later: Int64, blocks: Bool) throws {
        let policy = try Samples.policy("openCase: { kinds: [complaint, repair] }")
        let openCase = ContactFacts.OpenCase(id: "f1", kind: kind, openedAt: noon.adding(milliseconds: later))
        let facts = ContactFacts(customer: person, openCases: [openCase])
        #expect(policy.judge(Samples.request(), facts, noon) == (blocks ? .skip(rule: .openCase) : .send))
        #expect(policy.judge(Samples.request(.service), facts, noon) == .send)
    }

    @Test(
        "responded: within the time, the edge included, to this campaign",
        arguments: [
            ("60d", "2026-04-16T04:00:00Z", "spring", true), ("60d", "2026-04-16T03:59:59.999Z", "spring", false),
            ("1mo", "2026-05-15T04:00:00Z", "spring", true), ("1mo", "2026-05-15T03:59:59.999Z", "spring", false),
            ("forever", "2001-01-01T00:00:00Z", "spring", true), ("60d", "2026-06-15T04:00:00Z", "summer", false),
            ("60d", "2026-06-15T04:00:00Z", "spring", true), ("60d", "2026-06-15T04:00:00.001Z", "spring", false),
        ])
    func responded(within: String, at: String, campaign: String, blocks: Bool) throws {
        let policy = try Samples.policy("responded: { within: \(within) }")
        let response = ContactFacts.Response(id: "i1", campaign: campaign, at: Samples.instant(at))
        let facts = ContactFacts(customer: person, responses: [response])
        #expect(policy.judge(Samples.request(), facts, noon) == (blocks ? .skip(rule: .responded) : .send))
        #expect(policy.judge(Samples.request(campaign: nil), facts, noon) == .send)
    }

    @Test(
        "holdout: the bucket decides, to the hundredth of a percent; the household has one",
        arguments: [("0", false), ("39.68", false), ("39.69", true), ("39.681", true), ("100", true)])
    func holdout(percent: String, blocks: Bool) throws {
        // SHA-256 of "2026H2:c1" begins with 28ee74d892fd4780, which is 3968 modulo 10 000.
        let policy = try Samples.policy("holdout: { percent: \(percent), salt: 2026H2 }")
        let alone = ContactFacts(customer: person)
        #expect(policy.judge(Samples.request(), alone, noon) == (blocks ? .skip(rule: .holdout) : .send))
        #expect(policy.judge(Samples.request(.service), alone, noon) == .send)
        let one = ContactFacts(customer: .init(id: "c1", household: "h1"))
        let other = ContactFacts(customer: .init(id: "c2", household: "h1"))
        #expect(
            policy.judge(Samples.request(), one, noon) == policy.judge(Samples.request(), other, noon))
    }

    @Test(
        "gap: younger than the minimum waits, to the millisecond",
        arguments: [
            ("2026-06-15T00:00:00.001Z", "2026-06-15T04:00:00.001Z"), ("2026-06-15T00:00:00Z", nil),
            ("2026-06-15T04:00:00Z", "2026-06-15T08:00:00Z"), ("2026-06-15T04:00:00.001Z", nil),
        ] as [(String, String?)])
    func gap(at: String, expected: String?) throws {
        let policy = try Samples.policy("gap: { min: 4h, scope: customer }")
        let facts = ContactFacts(customer: person, dispatches: [Samples.dispatch("d1", at: Samples.instant(at))])
        let verdict = policy.judge(Samples.request(), facts, noon)
        #expect(verdict == expected.map { `defer`(.gap, $0) } ?? .send)
    }

    @Test("gap: a dispatch dated later holds the request again once its time has come")
    func gapAhead() throws {
        let policy = try Samples.policy("gap: { min: 4h, scope: customer }")
        let dispatches = [
            Samples.dispatch("d1", at: Samples.instant("2026-06-15T02:00:00Z")),
            Samples.dispatch("d2", at: Samples.instant("2026-06-15T06:00:00Z")),
            Samples.dispatch("d3", at: Samples.instant("2026-06-15T10:00:00.001Z")),
        ]
        let verdict = policy.judge(Samples.request(), .init(customer: person, dispatches: dispatches), noon)
        #expect(verdict == `defer`(.gap, "2026-06-15T10:00:00Z"))
    }

    @Test(
        "quiet-hours: from is in, to is not; where the customer is",
        arguments: [
            ("2026-06-15T12:59:59.999Z", nil), ("2026-06-15T13:00:00Z", "2026-06-16T00:00:00Z"),
            ("2026-06-15T23:59:59.999Z", "2026-06-16T00:00:00Z"), ("2026-06-16T00:00:00Z", nil),
        ] as [(String, String?)])
    func quietHours(now: String, expected: String?) throws {
        let policy = try Samples.policy("quietHours: { from: \"21:00\", to: \"08:00\", channels: [sms] }")
        let request = Samples.request(channel: .sms, address: "tel:+8613800138000")
        let verdict = policy.judge(request, .init(customer: person), Samples.instant(now))
        #expect(verdict == expected.map { `defer`(.quietHours, $0) } ?? .send)
        #expect(policy.judge(Samples.request(), .init(customer: person), Samples.instant(now)) == .send)
        let far = ContactFacts(customer: Samples.customer(zone: "America/New_York"))
        #expect(policy.judge(request, far, Samples.instant("2026-06-15T16:00:00Z")) == .send)
    }

    @Test("quiet-hours: the night that lost a date lasts until the next morning there is")
    func missingDate() throws {
        let policy = try Samples.policy("quietHours: { from: \"21:00\", to: \"08:00\" }")
        let facts = ContactFacts(customer: Samples.customer(zone: "Pacific/Apia"))
        // From nine in the evening of 29 December 2011 to eight in the morning of the 31st, which came next.
        let verdict = policy.judge(Samples.request(), facts, Samples.instant("2011-12-30T07:00:00Z"))
        #expect(verdict == `defer`(.quietHours, "2011-12-30T18:00:00Z"))
    }

    @Test("quiet-hours: the customer's own hold for marketing on every channel, and only for it")
    func ownQuietHours() throws {
        let policy = try Samples.policy()
        let facts = ContactFacts(customer: Samples.customer(quietHours: QuietHours(from: 720, to: 780)))
        for channel in Channel.outbound {
            let verdict = policy.judge(Samples.request(channel: channel), facts, noon)
            #expect(verdict == `defer`(.quietHours, "2026-06-15T05:00:00Z"))
            #expect(policy.judge(Samples.request(.service, channel: channel), facts, noon) == .send)
        }
        for (from, to) in [(720, 720), (-5, 0), (2000, 1439), (.max, .max), (.min, .min)] {
            let odd = ContactFacts(customer: Samples.customer(quietHours: QuietHours(from: from, to: to)))
            #expect(policy.judge(Samples.request(), odd, noon) == .send)
        }
    }

    @Test(
        "calendar: a closed date waits for the first instant of the next open one",
        arguments: [
            // Saturday and Sunday, with a closed Monday after them.
            (nil, "2026-06-12T15:59:59.999Z", nil), (nil, "2026-06-12T16:00:00Z", "2026-06-15T16:00:00Z"),
            (nil, "2026-06-15T15:59:59.999Z", "2026-06-15T16:00:00Z"), (nil, "2026-06-15T16:00:00Z", nil),
            // Monday began at one o'clock, because clocks jumped over midnight on Sunday, 8 March.
            ("America/Havana", "2026-03-07T12:00:00Z", "2026-03-09T04:00:00Z"),
            // Friday, 30 December 2011, was left out: Thursday, Saturday, Sunday, closed Monday.
            ("Pacific/Apia", "2011-12-30T10:00:00Z", "2012-01-02T10:00:00Z"),
        ] as [(String?, String, String?)])
    func calendar(zone: String?, now: String, expected: String?) throws {
        let policy = try Samples.policy("calendar: { closed: [sat, sun], dates: [2026-06-15, \"2012-01-02\"] }")
        let facts = ContactFacts(customer: Samples.customer(zone: zone))
        let verdict = policy.judge(Samples.request(), facts, Samples.instant(now))
        #expect(verdict == expected.map { `defer`(.calendar, $0) } ?? .send)
    }

    @Test("calendar: when every day is closed the request is dropped")
    func alwaysClosed() throws {
        let policy = try Samples.policy("calendar: { closed: [mon, tue, wed, thu, fri, sat, sun] }")
        #expect(policy.judge(Samples.request(), .init(customer: person), noon) == .skip(rule: .expired))
    }

    @Test("a topic that the policy doesn't know has nobody's consent")
    func unknownTopic() throws {
        let request = Samples.request(.transactional, topic: "fishing")
        #expect(try Samples.policy().judge(request, .init(customer: person), noon) == .skip(rule: .consent))
    }
}
