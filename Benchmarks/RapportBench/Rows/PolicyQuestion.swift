import RapportCore

/// A request with as much history as a customer of some years has, which every rule looks at and lets through.
///
/// A class, because copying it would be measured, too.
final class PolicyQuestion: Sendable {
    let request: ContactRequest
    let facts: ContactFacts
    let now: Timestamp

    /// - Parameter number: makes customers, times and ids differ.
    init(_ number: Int) {
        let now = Timestamp(seconds: 1_773_223_200)
            .adding(seconds: Int64(number * 60))
        let mailbox = Self.address("mailto:customer\(number)@shop.example")
        self.now = now
        request = ContactRequest(
            messageClass: .marketing, topic: "offers", channel: .email, address: mailbox, campaign: "spring",
            offer: "spring", content: "77aa", expiresAt: now.adding(seconds: 14 * 86400))
        let customer = "c\(number)"
        facts = ContactFacts(
            customer: .init(id: customer, timeZone: "Europe/Berlin", household: number % 2 == 0 ? "h\(number)" : nil),
            consents: [
                .init(
                    id: "k1", customer: customer, topic: "offers", channel: .email, state: .granted,
                    at: now.adding(seconds: -90 * 86400), confirmedAt: now.adding(seconds: -90 * 86400)),
                .init(
                    id: "k2", customer: customer, topic: "news", channel: .sms, state: .denied,
                    at: now.adding(seconds: -80 * 86400)),
            ],
            suppressions: [
                .init(
                    id: "s1", address: mailbox, reason: .complaint, at: now.adding(seconds: -300 * 86400),
                    until: now.adding(seconds: -200 * 86400))
            ],
            dispatches: (0..<20).map { Self.dispatch($0, customer: customer, mailbox: mailbox, now: now) },
            openCases: [.init(id: "f1", kind: "callback", openedAt: now.adding(seconds: -86400))],
            responses: [.init(id: "i1", campaign: "winter", at: now.adding(seconds: -40 * 86400))])
    }

    /// One every three days back from now, over two channels, in two classes and two topics.
    private static func dispatch(
        _ index: Int, customer: String, mailbox: Address, now: Timestamp
    ) -> ContactFacts.Dispatch {
        let days = Int64(index + 1) * 3
        return ContactFacts.Dispatch(
            id: "d\(index)", customer: customer, address: mailbox, channel: index % 4 == 3 ? .sms : .email,
            messageClass: index % 5 == 4 ? .service : .marketing, topic: index % 3 == 0 ? "news" : "offers",
            campaign: "campaign-\(index)", offer: "offer-\(index)", content: "content-\(index)",
            state: .delivered, at: now.adding(seconds: -86400 * days))
    }

    private static func address(_ uri: String) -> Address {
        Address(normalized: uri) ?? address("id:bench/nobody")
    }

    static let policy = """
        timeZone: Asia/Shanghai
        topics:
          offers: { title: "Offers", consent: opt-in, expireAfter: 24mo }
          news: { title: "News", consent: opt-out }
        rules:
          - openCase: { kinds: [complaint] }
          - responded: { within: 60d }
          - duplicate: { same: content, per: address, within: 90d }
          - duplicate: { same: offer, per: customer, within: 30d }
          - duplicate: { same: campaign, per: household, within: forever }
          - cap: { max: 3, per: 7d, scope: customer }
          - cap: { max: 20, per: month, scope: address }
          - gap: { min: 4h, scope: customer }
          - quietHours: { from: "21:00", to: "08:00" }
          - calendar: { closed: [sat, sun] }

        """
}
