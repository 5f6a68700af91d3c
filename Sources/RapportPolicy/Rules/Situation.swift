import RapportCore

/// A request with the facts about it, prepared so that each rule looks at little: made once for an evaluation.
///
/// A class, because a dozen rules are handed it and none changes it; it never leaves the evaluation.
final class Situation {
    let request: ContactRequest
    let facts: ContactFacts
    /// `nil` when the policy doesn't know the request's topic.
    let topic: Topic?
    /// −1 when the policy doesn't know the request's topic.
    let topicIndex: Int
    let classBit: UInt8
    let channelBit: UInt8
    /// The recipient's local time.
    let clock: LocalClock
    /// The customer names a zone that this machine doesn't know, and `clock` is the policy's own.
    let isZoneReplaced: Bool
    /// Those that count, the latest first.
    let dispatches: [DispatchTrace]
    let consents: ConsentRecord

    init(_ request: ContactRequest, _ facts: ContactFacts, now: Timestamp, policy: ContactPolicy) {
        self.request = request
        self.facts = facts
        topicIndex = policy.topicIndices[request.topic] ?? -1
        topic = topicIndex < 0 ? nil : policy.topics[topicIndex]
        classBit = request.messageClass.bit
        channelBit = request.channel.bit
        let own = facts.customer.timeZone.flatMap { policy.zones.zone(named: $0) }
        isZoneReplaced = own == nil && facts.customer.timeZone != nil
        clock = LocalClock(own ?? policy.zone, around: now)
        dispatches = DispatchTrace.history(
            facts, request, topics: policy.countsByTopic ? policy.topicIndices : [:])
        consents = ConsentRecord(facts, request, isNeeded: topic?.consent != Topic.Consent.none)
    }

    /// The ids of dispatches, for evidence.
    func ids(_ traces: some Sequence<DispatchTrace>) -> [String] {
        traces.map { facts.dispatches[$0.index].id }
    }

    /// What a rule about local time adds to its note when it can't go by the customer's own.
    var zoneRemark: String {
        isZoneReplaced ? "; the customer's time zone is unknown, \(clock.zone.name) used" : ""
    }
}
