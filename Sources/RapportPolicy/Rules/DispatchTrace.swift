import RapportCore

/// What the rules ask of one dispatch in the history, compared with the request once and for all of them.
struct DispatchTrace: Sendable {
    /// In which ways a dispatch resembles the request that is judged.
    struct Likeness: OptionSet, Hashable, Sendable {
        let rawValue: UInt8
        static let customer = Likeness(rawValue: 1)
        static let address = Likeness(rawValue: 2)
        /// Never set when the customer has no household.
        static let household = Likeness(rawValue: 4)
        /// The same campaign and the same occurrence of it. Like `content` and `offer`, never set when the request has none.
        static let campaign = Likeness(rawValue: 8)
        static let content = Likeness(rawValue: 16)
        static let offer = Likeness(rawValue: 32)
    }

    var at: Timestamp
    var likeness: Likeness
    var classBit: UInt8
    var channelBit: UInt8
    /// −1 for a topic that the policy doesn't know, and when no rule asks.
    var topicIndex: Int
    /// Its place in the facts.
    var index: Int

    /// The dispatches that count (`DispatchState.counts`), the latest first.
    static func history(
        _ facts: ContactFacts, _ request: ContactRequest, topics: [String: Int]
    ) -> [DispatchTrace] {
        var history: [DispatchTrace] = []
        history.reserveCapacity(facts.dispatches.count)
        var isOrdered = true
        // In place: a dispatch holds a dozen texts, and copying one costs more than comparing it.
        facts.dispatches.withUnsafeBufferPointer { dispatches in
            guard var dispatch = dispatches.baseAddress else { return }
            for index in dispatches.indices {
                defer { dispatch += 1 }
                guard dispatch.pointee.state.counts else { continue }
                let at = dispatch.pointee.at
                if let last = history.last, last.at < at { isOrdered = false }
                history.append(
                    DispatchTrace(
                        at: at, likeness: likeness(dispatch, facts.customer, request),
                        classBit: dispatch.pointee.messageClass.bit, channelBit: dispatch.pointee.channel.bit,
                        topicIndex: topics.isEmpty ? -1 : topics[dispatch.pointee.topic] ?? -1, index: index))
            }
        }
        if !isOrdered { history.sort { $0.at > $1.at } }
        return history
    }

    private static func likeness(
        _ dispatch: UnsafePointer<ContactFacts.Dispatch>, _ customer: borrowing ContactFacts.Person,
        _ request: borrowing ContactRequest
    ) -> Likeness {
        var likeness: Likeness = []
        if dispatch.pointee.customer == customer.id { likeness.insert(.customer) }
        if dispatch.pointee.address.uri == request.address.uri { likeness.insert(.address) }
        if let household = customer.household, dispatch.pointee.household == household { likeness.insert(.household) }
        if let campaign = request.campaign, dispatch.pointee.campaign == campaign,
            dispatch.pointee.occurrence == request.occurrence
        {
            likeness.insert(.campaign)
        }
        if let content = request.content, dispatch.pointee.content == content { likeness.insert(.content) }
        if let offer = request.offer, dispatch.pointee.offer == offer { likeness.insert(.offer) }
        return likeness
    }
}
