import RapportCore
import Testing

@testable import RapportPolicy

@Suite("Rules about what was sent before")
struct HistoryTests {
    private let noon = Samples.noon

    private func facts(_ dispatches: [ContactFacts.Dispatch], household: String? = nil, zone: String? = nil)
        -> ContactFacts
    {
        ContactFacts(customer: Samples.customer(zone: zone, household: household), dispatches: dispatches)
    }

    @Test("a dispatch counts from claimed on, unless nothing left", arguments: DispatchState.allCases)
    func counts(state: DispatchState) throws {
        let counting: Set<DispatchState> = [.claimed, .handedOff, .accepted, .delivered, .bounced, .unknown]
        let policy = try Samples.policy()
        let verdict = policy.judge(
            Samples.request(), facts([Samples.dispatch("d1", at: noon, campaign: "spring", state: state)]), noon)
        #expect(verdict == (counting.contains(state) ? .skip(rule: .duplicate) : .send))
    }

    @Test(
        "the same campaign and occurrence never goes twice to a customer or an address, whatever the class",
        arguments: [
            ("c1", "tel:+1", "spring", nil, true), ("c2", Samples.ana, "spring", nil, true),
            ("c2", "tel:+1", "spring", nil, false), ("c1", Samples.ana, "summer", nil, false),
            ("c1", Samples.ana, "spring", "2026-05", false), ("c1", Samples.ana, nil, nil, false),
        ] as [(String, String, String?, String?, Bool)])
    func always(customer: String, address: String, campaign: String?, occurrence: String?, blocks: Bool) throws {
        let policy = try Samples.policy()
        let dispatch = Samples.dispatch(
            "d1", at: Samples.instant("2001-01-01T00:00:00Z"), customer: customer, address: address, channel: .sms,
            messageClass: .service, campaign: campaign, occurrence: occurrence)
        for messageClass in MessageClass.allCases {
            let verdict = policy.judge(Samples.request(messageClass), facts([dispatch]), noon)
            #expect(verdict == (blocks ? .skip(rule: .duplicate) : .send))
        }
        #expect(policy.judge(Samples.request(campaign: nil), facts([dispatch]), noon) == .send)
    }

    @Test(
        "duplicate: content and offer, within the time, its edge included",
        arguments: [
            ("content", "customer", "90d", "2026-03-17T04:00:00Z", true),
            ("content", "customer", "90d", "2026-03-17T03:59:59.999Z", false),
            ("offer", "address", "1mo", "2026-05-15T04:00:00Z", true),
            ("offer", "address", "1mo", "2026-05-15T03:59:59.999Z", false),
            ("offer", "household", "forever", "2001-01-01T00:00:00Z", true),
            ("content", "household", "90d", "2026-06-15T04:00:00.001Z", false),
        ])
    func duplicate(same: String, scope: String, within: String, at: String, blocks: Bool) throws {
        let policy = try Samples.policy("duplicate: { same: \(same), per: \(scope), within: \(within) }")
        let dispatch = Samples.dispatch("d1", at: Samples.instant(at), household: "h1", offer: "o1", content: "x")
        let request = Samples.request(offer: "o1", content: "x")
        #expect(
            policy.judge(request, facts([dispatch], household: "h1"), noon)
                == (blocks ? .skip(rule: .duplicate) : .send))
        #expect(policy.judge(Samples.request(), facts([dispatch], household: "h1"), noon) == .send)
        #expect(policy.judge(Samples.request(.service, offer: "o1", content: "x"), facts([dispatch]), noon) == .send)
    }

    @Test("nothing matches a household that is null", arguments: ["duplicate", "cap"])
    func noHousehold(rule: String) throws {
        let policy = try Samples.policy(
            rule == "cap"
                ? "cap: { max: 1, per: 7d, scope: household }"
                : "duplicate: { same: content, per: household, within: forever }")
        let dispatch = Samples.dispatch("d1", at: noon, customer: "c2", address: "tel:+1", content: "x")
        #expect(policy.judge(Samples.request(content: "x"), facts([dispatch]), noon) == .send)
    }

    @Test("cap: a rolling window frees when the max-th latest leaves it")
    func rollingCap() throws {
        let policy = try Samples.policy("cap: { max: 2, per: 7d, scope: customer }")
        let dispatches = [
            Samples.dispatch("d3", at: Samples.instant("2026-06-14T00:00:00Z")),
            Samples.dispatch("d1", at: Samples.instant("2026-06-09T00:00:00Z")),
            Samples.dispatch("d2", at: Samples.instant("2026-06-12T00:00:00.007Z")),
            Samples.dispatch("d0", at: Samples.instant("2026-06-08T04:00:00Z")),
        ]
        let decision = policy.evaluate(Samples.request(), facts(dispatches), now: noon)
        #expect(decision.verdict == .defer(until: Samples.instant("2026-06-19T00:00:00.007Z"), rule: .cap))
        // The one of exactly seven days ago has left the window.
        #expect(decision.decidingFinding?.evidence == ["d1", "d2", "d3"])
        #expect(decision.decidingFinding?.note == "2 in 7d per customer, 3 counted")
    }

    @Test("cap: says how many it has counted, and where it could not go by the customer's own time", arguments: 28...36)
    func capNote(number: Int) throws {
        let policy = try Samples.policy("cap: { max: 34, per: month, scope: customer }")
        let dispatches = (0..<number).map { Samples.dispatch("d\($0)", at: noon) }
        for (zone, remark) in [
            (nil, ""), ("Europe/Nowhere", "; the customer's time zone is unknown, Asia/Shanghai used"),
        ] {
            let decision = policy.evaluate(Samples.request(), facts(dispatches, zone: zone), now: noon)
            let finding = try #require(decision.findings.first { $0.rule == .cap })
            #expect(finding.note == "34 in month per customer, \(number) counted" + remark)
            #expect((finding.opinion == .pass) == (number < 34))
        }
    }

    @Test("cap: one dated later counts once its time has come")
    func capAhead() throws {
        let policy = try Samples.policy("cap: { max: 1, per: 1d, scope: customer }")
        let dispatches = [
            "2026-06-15T00:00:00Z", "2026-06-15T23:00:00Z", "2026-06-16T23:00:00Z", "2026-06-19T00:00:00Z",
        ]
        .enumerated().map { Samples.dispatch("d\($0)", at: Samples.instant($1)) }
        let verdict = policy.judge(Samples.request(), facts(dispatches), noon)
        #expect(verdict == .defer(until: Samples.instant("2026-06-17T23:00:00Z"), rule: .cap))
    }

    @Test(
        "cap: a calendar window is the recipient's own, and frees when the next begins",
        arguments: [
            ("day", nil, "2026-06-14T16:00:00Z", "2026-06-15T16:00:00Z"), ("day", nil, "2026-06-14T15:59:59.999Z", nil),
            ("week", nil, "2026-06-14T16:00:00Z", "2026-06-21T16:00:00Z"),
            ("week", nil, "2026-06-14T15:59:59.999Z", nil),
            ("month", nil, "2026-05-31T16:00:00Z", "2026-06-30T16:00:00Z"),
            ("month", nil, "2026-05-31T15:59:59.999Z", nil),
            ("day", "America/New_York", "2026-06-15T03:59:59Z", nil),
            ("day", "America/New_York", "2026-06-15T04:00:00Z", "2026-06-16T04:00:00Z"),
            ("day", "No/Such_Zone", "2026-06-14T16:00:00Z", "2026-06-15T16:00:00Z"),
        ] as [(String, String?, String, String?)])
    func calendarCap(period: String, zone: String?, at: String, expected: String?) throws {
        let policy = try Samples.policy("cap: { max: 1, per: \(period), scope: customer }")
        let facts = facts([Samples.dispatch("d1", at: Samples.instant(at))], zone: zone)
        let verdict = policy.judge(Samples.request(), facts, noon)
        #expect(verdict == expected.map { .defer(until: Samples.instant($0), rule: .cap) } ?? .send)
    }

    @Test("cap: a day that begins at one o'clock frees then")
    func dayWithoutMidnight() throws {
        let policy = try Samples.policy("cap: { max: 1, per: day, scope: customer }")
        let facts = facts([Samples.dispatch("d1", at: Samples.instant("2026-03-07T12:00:00Z"))], zone: "America/Havana")
        let verdict = policy.judge(Samples.request(), facts, Samples.instant("2026-03-07T20:00:00Z"))
        #expect(verdict == .defer(until: Samples.instant("2026-03-08T05:00:00Z"), rule: .cap))
    }

    @Test(
        "cap and gap count only their own classes, channels, topics and scope",
        arguments: ["cap: { max: 1, per: 7d, scope: customer", "gap: { min: 7d, scope: customer"])
    func narrowed(rule: String) throws {
        let policy = try Samples.policy(
            rule + ", classes: [marketing, service], channels: [email, sms], topics: [care, news] }")
        let counted = Samples.dispatch("d1", at: noon)
        #expect(policy.judge(Samples.request(), facts([counted]), noon) != .send)
        #expect(policy.judge(Samples.request(.service, topic: "news", channel: .sms), facts([counted]), noon) != .send)
        #expect(policy.judge(Samples.request(.transactional), facts([counted]), noon) == .send)
        #expect(policy.judge(Samples.request(channel: .ivr), facts([counted]), noon) == .send)
        for other in [
            Samples.dispatch("d2", at: noon, messageClass: .transactional),
            Samples.dispatch("d2", at: noon, channel: .ivr),
            Samples.dispatch("d2", at: noon, topic: "offers"), Samples.dispatch("d2", at: noon, topic: "gone"),
            Samples.dispatch("d2", at: noon, customer: "c2"),
        ] {
            #expect(policy.judge(Samples.request(), facts([other]), noon) == .send)
        }
    }

    @Test(
        "scopes look at the customer, the address or the household",
        arguments: [
            ("customer", "c1", "tel:+1", "h2"), ("address", "c2", Samples.ana, "h2"),
            ("household", "c2", "tel:+1", "h1"),
        ])
    func scopes(scope: String, customer: String, address: String, household: String) throws {
        let dispatch = Samples.dispatch("d1", at: noon, customer: customer, address: address, household: household)
        for other in ["customer", "address", "household"] {
            let policy = try Samples.policy("cap: { max: 1, per: 7d, scope: \(other) }")
            let verdict = policy.judge(Samples.request(), facts([dispatch], household: "h1"), noon)
            #expect((verdict != .send) == (scope == other))
        }
    }

    @Test(
        "onHit: skip drops instead of waiting",
        arguments: [
            ("cap: { max: 1, per: 7d, scope: customer, onHit: skip }", RuleName.cap),
            ("gap: { min: 7d, scope: customer, onHit: skip }", .gap),
            ("quietHours: { from: \"12:00\", to: \"13:00\", onHit: skip }", .quietHours),
            ("calendar: { closed: [mon], onHit: skip }", .calendar),
        ])
    func onHit(rule: String, name: RuleName) throws {
        let policy = try Samples.policy(rule)
        let facts = facts([Samples.dispatch("d1", at: noon)])
        #expect(policy.judge(Samples.request(), facts, noon) == .skip(rule: name))
        #expect(policy.judge(Samples.request(.service), facts, noon) == .send)
    }
}
