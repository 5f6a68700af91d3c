import RapportCore
import Testing

@testable import RapportPolicy

/// A policy, a customer and a request to vary.
enum Samples {
    static let topics = """
        timeZone: Asia/Shanghai
        topics:
          offers: { title: Offers, consent: opt-in, doubleOptIn: [email], expireAfter: 12mo }
          news: { consent: opt-out }
          care: { consent: none }

        """

    static let ana = "mailto:ana@example.com"
    static let noon = instant("2026-06-15T04:00:00Z")

    /// `topics` with some rules.
    static func policy(_ rules: String...) throws -> ContactPolicy {
        try ContactPolicy(yaml: topics + (rules.isEmpty ? "" : "rules:\n" + rules.map { "  - \($0)\n" }.joined()))
    }

    static func instant(_ text: String) -> Timestamp {
        Timestamp(rfc3339: text) ?? Timestamp(milliseconds: .min)
    }

    static func address(_ uri: String) -> Address {
        Address(normalized: uri) ?? Address.placeholder
    }

    static func request(
        _ messageClass: MessageClass = .marketing, topic: String = "care", channel: Channel = .email,
        address: String = ana, campaign: String? = "spring", occurrence: String? = nil, offer: String? = nil,
        content: String? = nil, expiresAt: Timestamp? = nil
    ) -> ContactRequest {
        ContactRequest(
            messageClass: messageClass, topic: topic, channel: channel, address: Samples.address(address),
            campaign: campaign, occurrence: occurrence, offer: offer, content: content, expiresAt: expiresAt)
    }

    static func customer(
        zone: String? = nil, quietHours: QuietHours? = nil, pausedUntil: Timestamp? = nil, household: String? = nil,
        erased: Bool = false
    ) -> ContactFacts.Person {
        ContactFacts.Person(
            id: "c1", timeZone: zone, quietHours: quietHours, pausedUntil: pausedUntil, household: household,
            erased: erased)
    }

    static func dispatch(
        _ id: String, at: Timestamp, customer: String = "c1", address: String = ana, household: String? = nil,
        channel: Channel = .email, messageClass: MessageClass = .marketing, topic: String = "care",
        campaign: String? = "old", occurrence: String? = nil, offer: String? = nil, content: String? = nil,
        state: DispatchState = .delivered
    ) -> ContactFacts.Dispatch {
        ContactFacts.Dispatch(
            id: id, customer: customer, address: Samples.address(address), household: household, channel: channel,
            messageClass: messageClass, topic: topic, campaign: campaign, occurrence: occurrence, offer: offer,
            content: content, state: state, at: at)
    }

    static func consent(
        _ id: String, _ state: ConsentEntry.State, at: String, customer: String = "c1", address: String? = nil,
        topic: String? = "offers", channel: Channel? = nil, confirmedAt: String? = nil
    ) -> ContactFacts.Consent {
        ContactFacts.Consent(
            id: id, customer: customer, address: address.map { Samples.address($0) }, topic: topic,
            channel: channel, state: state, at: instant(at), confirmedAt: confirmedAt.map { instant($0) })
    }
}

extension Address {
    /// Stands for a mistake in a test; no sample uses it.
    fileprivate static var placeholder: Address {
        guard let address = Address(normalized: "id:mistake/1") else { preconditionFailure("not an address") }
        return address
    }
}

extension ContactPolicy {
    /// The verdict, once from `evaluate` and checked against `verdict`.
    func judge(_ request: ContactRequest, _ facts: ContactFacts, _ now: Timestamp) -> Verdict {
        let decision = evaluate(request, facts, now: now)
        #expect(verdict(request, facts, now: now) == decision.verdict)
        return decision.verdict
    }
}
