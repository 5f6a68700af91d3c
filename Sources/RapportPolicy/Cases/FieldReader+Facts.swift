import RapportCore

/// The keys of the facts in a case.
enum FactKeys {
    static let customer = ["id", "timeZone", "household", "pausedUntil", "erased", "quietHours"]
    static let consent = ["id", "customer", "address", "topic", "channel", "state", "at", "confirmedAt"]
    static let suppression = ["id", "address", "reason", "at", "until"]
    static let dispatch = [
        "id", "customer", "address", "household", "channel", "class", "topic", "campaign", "occurrence", "offer",
        "content", "state", "at",
    ]
    static let openCase = ["id", "kind", "openedAt"]
    static let response = ["id", "campaign", "at"]
}

/// The facts that a case is made of. Each gives `nil` when something was reported.
extension FieldReader {
    func customer() -> ContactFacts.Person? {
        guard let id = string("id") else { return nil }
        var quietHours: QuietHours?
        if let node = optional("quietHours") {
            quietHours = FieldReader(node, place("quietHours"), keys: ["from", "to"], problems)?.quietHours()?.hours
        }
        return ContactFacts.Person(
            id: id, timeZone: optionalString("timeZone"), quietHours: quietHours,
            pausedUntil: optionalInstant("pausedUntil"), household: optionalString("household"),
            erased: flag("erased"))
    }

    /// An entry without a customer is about an address; it can only be a denial, or it matches nothing.
    func consent() -> ContactFacts.Consent? {
        let id = string("id")
        let topic = string("topic")
        let channel = channelScope("channel")
        let state = word("state", of: ConsentEntry.State.self)
        guard let at = instant("at"), let id, let topic, let channel, let state else { return nil }
        return ContactFacts.Consent(
            id: id, customer: optionalString("customer") ?? "", address: optionalAddress("address"),
            topic: topic == "*" ? nil : topic, channel: channel.channel, state: state, at: at,
            confirmedAt: optionalInstant("confirmedAt"))
    }

    func suppression() -> ContactFacts.Suppression? {
        let id = string("id")
        let address = address("address")
        let reason = word("reason", of: Suppression.Reason.self)
        guard let at = instant("at"), let id, let address, let reason else { return nil }
        return ContactFacts.Suppression(
            id: id, address: address, reason: reason, at: at, until: optionalInstant("until"))
    }

    func dispatch() -> ContactFacts.Dispatch? {
        let id = string("id")
        let customer = string("customer")
        let address = address("address")
        let channel = outboundChannel("channel")
        let messageClass = word("class", of: MessageClass.self)
        let topic = string("topic")
        let state = word("state", of: DispatchState.self)
        guard let at = instant("at"), let id, let customer, let address, let channel, let messageClass, let topic,
            let state
        else { return nil }
        return ContactFacts.Dispatch(
            id: id, customer: customer, address: address, household: optionalString("household"), channel: channel,
            messageClass: messageClass, topic: topic, campaign: optionalString("campaign"),
            occurrence: optionalString("occurrence"), offer: optionalString("offer"),
            content: optionalString("content"), state: state, at: at)
    }

    func openCase() -> ContactFacts.OpenCase? {
        let id = string("id")
        let kind = string("kind")
        guard let openedAt = instant("openedAt"), let id, let kind else { return nil }
        return ContactFacts.OpenCase(id: id, kind: kind, openedAt: openedAt)
    }

    func response() -> ContactFacts.Response? {
        let id = string("id")
        let campaign = string("campaign")
        guard let at = instant("at"), let id, let campaign else { return nil }
        return ContactFacts.Response(id: id, campaign: campaign, at: at)
    }
}
