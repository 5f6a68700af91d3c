import RapportCore
import Testing

@testable import RapportPolicy

@Suite("Consent")
struct ConsentTests {
    private static let yes = Samples.consent(
        "k1", .granted, at: "2026-01-05T10:00:00Z", confirmedAt: "2026-01-05T10:02:00Z")

    struct Example: Sendable, CustomTestStringConvertible {
        var name: String
        var topic: String
        var entries: [ContactFacts.Consent]
        /// `nil` when the message may go.
        var evidence: [String]?
        var testDescription: String { name }
    }

    static let examples: [Example] = [
        Example(name: "a confirmed yes", topic: "offers", entries: [yes]),
        Example(name: "nothing", topic: "offers", entries: [], evidence: []),
        Example(name: "nothing, where no objection is enough", topic: "news", entries: []),
        Example(name: "nothing, where nothing is asked", topic: "care", entries: []),
        Example(
            name: "a no, where nothing is asked", topic: "care",
            entries: [Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", topic: nil)]),
        Example(
            name: "a no", topic: "news",
            entries: [Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", topic: "news")], evidence: ["k2"]),
        Example(
            name: "a no of tomorrow", topic: "news",
            entries: [Samples.consent("k2", .denied, at: "2026-06-15T04:00:00.001Z", topic: "news")]),
        Example(
            name: "a yes of tomorrow", topic: "offers",
            entries: [
                Samples.consent("k2", .granted, at: "2026-06-15T04:00:00.001Z", confirmedAt: "2026-06-15T04:00:00Z")
            ],
            evidence: []),
        Example(
            name: "a no for another channel", topic: "news",
            entries: [Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", topic: "news", channel: .sms)]),
        Example(
            name: "a no for another of my addresses", topic: "news",
            entries: [Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", address: "tel:+1", topic: "news")]),
        Example(
            name: "a pending yes", topic: "offers",
            entries: [Samples.consent("k2", .pending, at: "2026-02-01T00:00:00Z")],
            evidence: []),
        Example(
            name: "somebody else's yes for this address", topic: "offers",
            entries: [
                Samples.consent(
                    "k2", .granted, at: "2026-02-01T00:00:00Z", customer: "c2", address: Samples.ana,
                    confirmedAt: "2026-02-01T00:00:00Z")
            ], evidence: []),
        Example(
            name: "an unconfirmed yes", topic: "offers",
            entries: [Samples.consent("k2", .granted, at: "2026-02-01T00:00:00Z")],
            evidence: ["k2"]),
        Example(
            name: "a yes that is confirmed tomorrow", topic: "offers",
            entries: [
                Samples.consent("k2", .granted, at: "2026-02-01T00:00:00Z", confirmedAt: "2026-06-15T04:00:00.001Z")
            ],
            evidence: ["k2"]),
        Example(
            name: "a yes of just less than twelve months ago", topic: "offers",
            entries: [
                Samples.consent("k2", .granted, at: "2025-06-15T04:00:00.001Z", confirmedAt: "2025-06-15T04:00:00.001Z")
            ]),
        Example(
            name: "a yes of twelve months ago", topic: "offers",
            entries: [
                Samples.consent("k2", .granted, at: "2025-06-15T04:00:00Z", confirmedAt: "2025-06-15T04:00:00.001Z")
            ],
            evidence: ["k2"]),
        Example(
            name: "a no lifted by a later yes of the same scope", topic: "news",
            entries: [
                Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", topic: "news"),
                Samples.consent("k3", .granted, at: "2026-02-01T00:00:00.001Z", topic: "news"),
            ]),
        Example(
            name: "a no at the same instant as a yes", topic: "news",
            entries: [
                Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", topic: "news"),
                Samples.consent("k3", .granted, at: "2026-02-01T00:00:00Z", topic: "news"),
            ], evidence: ["k2"]),
        Example(
            name: "a no lifted by a later, narrower yes", topic: "news",
            entries: [
                Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", topic: nil),
                Samples.consent(
                    "k3", .granted, at: "2026-03-01T00:00:00Z", address: Samples.ana, topic: "news", channel: .email),
            ]),
        Example(
            name: "a no for the address, and a later yes for any", topic: "news",
            entries: [
                Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", address: Samples.ana, topic: "news"),
                Samples.consent("k3", .granted, at: "2026-03-01T00:00:00Z", topic: "news"),
            ], evidence: ["k2"]),
        Example(
            name: "a no for the channel, and a later yes for any", topic: "news",
            entries: [
                Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", topic: "news", channel: .email),
                Samples.consent("k3", .granted, at: "2026-03-01T00:00:00Z", topic: "news"),
            ], evidence: ["k2"]),
        Example(
            name: "a no for the topic, and a later yes for any", topic: "news",
            entries: [
                Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", topic: "news"),
                Samples.consent("k3", .granted, at: "2026-03-01T00:00:00Z", topic: nil),
            ], evidence: ["k2"]),
        Example(
            name: "two noes, of which one is lifted", topic: "news",
            entries: [
                Samples.consent("k4", .denied, at: "2026-02-02T00:00:00Z", topic: "news", channel: .email),
                Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", topic: nil),
                Samples.consent("k3", .granted, at: "2026-03-01T00:00:00Z", topic: "news"),
            ], evidence: ["k4"]),
        Example(
            name: "a no by nobody in particular, for this address", topic: "news",
            entries: [
                Samples.consent(
                    "k2", .denied, at: "2026-02-01T00:00:00Z", customer: "", address: Samples.ana, topic: nil)
            ], evidence: ["k2"]),
        Example(
            name: "a no that stands over a yes, both named in evidence only by the no", topic: "offers",
            entries: [yes, Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z", topic: nil)], evidence: ["k2"]),
    ]

    @Test("the ledger decides", arguments: examples)
    func ledger(_ example: Example) throws {
        let policy = try Samples.policy()
        let facts = ContactFacts(customer: Samples.customer(), consents: example.entries)
        let decision = policy.evaluate(Samples.request(topic: example.topic), facts, now: Samples.noon)
        #expect(decision.verdict == (example.evidence == nil ? .send : .skip(rule: .consent)))
        #expect(decision.decidingFinding?.evidence == example.evidence)
    }

    @Test("double opt-in is asked for only on its channels")
    func singleOptIn() throws {
        let entries = [Samples.consent("k2", .granted, at: "2026-02-01T00:00:00Z")]
        let request = Samples.request(topic: "offers", channel: .sms, address: "tel:+8613800138000")
        let facts = ContactFacts(customer: Samples.customer(), consents: entries)
        #expect(try Samples.policy().judge(request, facts, Samples.noon) == .send)
    }

    @Test(
        "says what is missing: an unconfirmed yes is not the same as none, nor as one that is too old",
        arguments: [
            ("offers", [], ConsentStanding.ungranted, "nothing granted"),
            ("offers", [yes], .agreed, "agrees"),
            ("offers", [Samples.consent("k2", .granted, at: "2026-02-01T00:00:00Z")], .unconfirmed, "not confirmed"),
            ("offers", [Samples.consent("k2", .granted, at: "2024-02-01T00:00:00Z")], .expired, "too long ago"),
            (
                "offers",
                [
                    Samples.consent("k2", .granted, at: "2026-02-01T00:00:00Z"),
                    Samples.consent(
                        "k3", .granted, at: "2024-02-01T00:00:00Z", confirmedAt: "2024-02-01T00:00:00Z"),
                ], .unconfirmed, "not confirmed"
            ),
            ("offers", [yes, Samples.consent("k2", .denied, at: "2026-02-01T00:00:00Z")], .refused, "refused"),
            ("news", [], .agreed, "has not refused"), ("care", [], .notAsked, "asks for no consent"),
            ("ofers", [], .unknownTopic, "no such topic"),
        ] as [(String, [ContactFacts.Consent], ConsentStanding, String)])
    func standing(topic: String, entries: [ContactFacts.Consent], standing: ConsentStanding, note: String) throws {
        let policy = try Samples.policy()
        let facts = ContactFacts(customer: Samples.customer(), consents: entries)
        let request = Samples.request(topic: topic)
        #expect(policy.consent(request, facts, now: Samples.noon) == standing)
        let finding = policy.evaluate(request, facts, now: Samples.noon).findings.first { $0.rule == .consent }
        #expect(finding?.note.contains(note) == true, "\(finding?.note ?? "")")
    }

    @Test("knows which yeses count only when they are confirmed")
    func confirmation() throws {
        let policy = try Samples.policy()
        #expect(policy.asksForConfirmation(topic: "offers", channel: .email))
        #expect(policy.asksForConfirmation(topic: nil, channel: nil))
        #expect(!policy.asksForConfirmation(topic: "offers", channel: .sms))
        #expect(!policy.asksForConfirmation(topic: "news", channel: .email))
    }
}
