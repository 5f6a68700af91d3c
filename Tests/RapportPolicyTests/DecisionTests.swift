import RapportCore
import Testing

@testable import RapportPolicy

@Suite("From findings to a verdict")
struct DecisionTests {
    private let noon = Samples.noon
    private let night = "quietHours: { from: \"21:00\", to: \"08:00\" }"

    @Test("a skip wins over every deferral, and the first skip in order names the verdict")
    func skipFirst() throws {
        let policy = try Samples.policy("gap: { min: 4h, scope: customer }", "calendar: { closed: [mon], onHit: skip }")
        let facts = ContactFacts(
            customer: Samples.customer(pausedUntil: noon.adding(seconds: 60)),
            dispatches: [Samples.dispatch("d1", at: noon, campaign: "spring")])
        #expect(policy.judge(Samples.request(), facts, noon) == .skip(rule: .duplicate))
    }

    @Test("evidence is that of the rule that decided, also when a sister of it defers")
    func sisters() throws {
        let policy = try Samples.policy(
            "cap: { max: 1, per: 7d, scope: customer }", "cap: { max: 1, per: 7d, scope: address, onHit: skip }")
        let facts = ContactFacts(
            customer: Samples.customer(),
            dispatches: [
                Samples.dispatch("d1", at: noon, address: "tel:+1"), Samples.dispatch("d2", at: noon, customer: "c2"),
            ])
        let decision = policy.evaluate(Samples.request(), facts, now: noon)
        #expect(decision.verdict == .skip(rule: .cap))
        #expect(decision.decidingFinding?.evidence == ["d2"])
    }

    @Test("a deferral goes on until nothing objects: a pause into a night into a weekend into another night")
    func chain() throws {
        let policy = try Samples.policy(night, "calendar: { closed: [sat, sun] }")
        // Friday at noon in Shanghai; the pause ends on Friday evening at ten.
        let facts = ContactFacts(customer: Samples.customer(pausedUntil: Samples.instant("2026-06-12T14:00:00Z")))
        let decision = policy.evaluate(Samples.request(), facts, now: Samples.instant("2026-06-12T04:00:00Z"))
        #expect(decision.verdict == .defer(until: Samples.instant("2026-06-15T00:00:00Z"), rule: .paused))
        let paused = decision.findings.first { $0.rule == .paused }
        #expect(paused?.opinion == .defer(until: Samples.instant("2026-06-12T14:00:00Z")))
    }

    @Test(
        "expiry: the instant itself is too late, for now and for a deferral",
        arguments: [
            ("2026-06-15T04:00:00Z", "2026-06-15T04:00:00.001Z", Verdict.send),
            ("2026-06-15T04:00:00Z", "2026-06-15T04:00:00Z", .skip(rule: .expired)),
            ("2026-06-15T13:00:00Z", "2026-06-16T00:00:00Z", .skip(rule: .expired)),
            (
                "2026-06-15T13:00:00Z", "2026-06-16T00:00:00.001Z",
                .defer(until: Samples.instant("2026-06-16T00:00:00Z"), rule: .quietHours)
            ),
        ])
    func expiry(now: String, expiresAt: String, expected: Verdict) throws {
        let policy = try Samples.policy(night)
        let request = Samples.request(expiresAt: Samples.instant(expiresAt))
        let decision = policy.evaluate(request, .init(customer: Samples.customer()), now: Samples.instant(now))
        #expect(decision.verdict == expected)
        let isExpired = expected == .skip(rule: .expired)
        #expect(decision.findings.last?.opinion == (isExpired ? .skip : .pass))
    }

    @Test(
        "ninety days are waited for, and not a millisecond more",
        arguments: [
            ("2026-09-13T04:00:00Z", Verdict.defer(until: Samples.instant("2026-09-13T04:00:00Z"), rule: .paused)),
            ("2026-09-13T04:00:00.001Z", .skip(rule: .expired)),
        ])
    func ninetyDays(pausedUntil: String, expected: Verdict) throws {
        let facts = ContactFacts(customer: Samples.customer(pausedUntil: Samples.instant(pausedUntil)))
        #expect(try Samples.policy().judge(Samples.request(), facts, noon) == expected)
    }

    @Test("two rules that leave no instant between them never send")
    func never() throws {
        let policy = try Samples.policy(
            "quietHours: { from: \"08:00\", to: \"20:00\" }", "quietHours: { from: \"19:00\", to: \"08:30\" }")
        #expect(policy.judge(Samples.request(), .init(customer: Samples.customer()), noon) == .skip(rule: .expired))
    }

    @Test(
        "a request whose turn would come while a rule skips is dropped; one that passes over such a time is not",
        arguments: [
            // Two in the morning, in a night that drops.
            ("2026-06-15T18:00:00Z", Verdict.skip(rule: .expired)),
            // Ten in the morning, after it.
            ("2026-06-16T02:00:00Z", .defer(until: Samples.instant("2026-06-16T02:00:00Z"), rule: .paused)),
        ])
    func skippingNight(pausedUntil: String, expected: Verdict) throws {
        let policy = try Samples.policy("quietHours: { from: \"21:00\", to: \"08:00\", onHit: skip }")
        let facts = ContactFacts(customer: Samples.customer(pausedUntil: Samples.instant(pausedUntil)))
        #expect(policy.judge(Samples.request(), facts, noon) == expected)
    }

    @Test("a rule that isn't asked says which requests it is for")
    func exclusion() throws {
        let policy = try Samples.policy("gap: { min: 4h, scope: customer, channels: [sms], topics: [news] }")
        let decision = policy.evaluate(Samples.request(), .init(customer: Samples.customer()), now: noon)
        #expect(decision.findings.first { $0.rule == .gap }?.note == "only marketing, sms, some topics")
    }

    @Test("a time zone that nobody knows is replaced by the policy's, and rules about local time say so")
    func unknownZone() throws {
        let policy = try Samples.policy(
            night, "calendar: { closed: [sun] }", "cap: { max: 1, per: day, scope: customer }")
        let facts = ContactFacts(customer: Samples.customer(zone: "Mars/Olympus"))
        let decision = policy.evaluate(Samples.request(), facts, now: Samples.instant("2026-06-15T14:00:00Z"))
        #expect(decision.verdict == .defer(until: Samples.instant("2026-06-16T00:00:00Z"), rule: .quietHours))
        let remarks = decision.findings.filter { $0.note.contains("time zone is unknown, Asia/Shanghai used") }
        #expect(remarks.map(\.rule) == [.cap, .quietHours, .calendar])
        #expect(!decision.findings.contains { $0.note.contains("Mars") })
    }
}
