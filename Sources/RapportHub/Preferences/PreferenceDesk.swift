package import RapportChannels
package import RapportCore
package import RapportLog
import RapportPolicy

/// What a customer sees and changes on the preference page.
package struct PreferenceDesk: Sendable {
    let store: any CustomerStoring & DispatchStoring
    let sink: any EventSink
    let policy: PolicyHolder
    let routes: RouteTable
    let clock: Clock

    package init(
        store: any CustomerStoring & DispatchStoring, sink: any EventSink, policy: PolicyHolder, routes: RouteTable,
        clock: @escaping Clock
    ) {
        self.store = store
        self.sink = sink
        self.policy = policy
        self.routes = routes
        self.clock = clock
    }

    /// One topic of the policy, and whether it may come over each of the customer's channels now.
    package struct Row: Hashable, Sendable {
        package var topic: String
        package var title: String
        package var allowed: [Channel: Bool]
        /// Channels over which the customer wants it and it does not come yet, because the yes is not confirmed.
        package var unconfirmed: Set<Channel> = []
    }

    package struct Page: Hashable, Sendable {
        package var customer: CustomerID
        package var language: String?
        /// The channels that an adapter sends over and the customer has an address for.
        package var channels: [Channel]
        package var rows: [Row]
        /// Of the channels, those over which nothing comes whatever is allowed, because the address must not be used.
        package var stopped: [Channel: Suppression.Reason] = [:]
        /// Of the customer or of one merged into them, whichever is longer.
        package var pausedUntil: Timestamp?
        /// Where the link came from that the page was opened with; what stands there can be confirmed here.
        package var holder: Address?

        /// What the holder of the link can confirm.
        package var confirmable: [(row: Row, channel: Channel)] {
            guard let holder else { return [] }
            return rows.flatMap { row in
                channels.filter { holder.scheme.carries($0) && row.unconfirmed.contains($0) }.map { (row, $0) }
            }
        }
    }

    /// - Parameter holder: the address that the link to the page was sent to; what may come there is told of it and of no
    ///   other of the customer's. `nil`, or an address that is not the customer's any more: nothing can be confirmed.
    /// - Returns: `nil` for a customer who is unknown or erased.
    package func page(of id: CustomerID, holder: Address? = nil) async throws(StoreError) -> Page? {
        guard let customer = try await store.customers([id])[id] else { return nil }
        let query = FactsQuery(customer: customer.id, addresses: customer.addresses)
        let facts = try await store.facts([query], lookback: .nothing)
        return page(of: customer, facts[0], holder: holder)
    }

    /// - Parameter facts: of all the customer's addresses.
    func page(of customer: Customer, _ facts: ContactFacts, holder: Address? = nil) -> Page? {
        guard !customer.erased else { return nil }
        let holder = holder.flatMap { customer.addresses.contains($0) ? $0 : nil }
        let now = clock()
        let policy = policy.current
        let channels = Channel.outbound.filter { !routes.routes(to: customer, channels: [$0]).isEmpty }
        var stopped: [Channel: Suppression.Reason] = [:]
        for channel in channels {
            let reasons = customer.addresses.filter { $0.scheme.carries(channel) }.map { address in
                facts.suppressions.first { $0.address == address && ($0.until.map { $0 > now } ?? true) }?.reason
            }
            // As long as one of the addresses may be used, something may come.
            if !reasons.contains(nil) { stopped[channel] = reasons.first ?? nil }
        }
        let happened = facts.happened(by: now)
        let rows = policy.topics.filter { $0.consent != .none }.map { topic in
            var row = Row(topic: topic.name, title: topic.title, allowed: [:])
            for channel in channels {
                let own = holder.flatMap { $0.scheme.carries(channel) ? $0 : nil }
                guard let address = own ?? customer.addresses.first(where: { $0.scheme.carries(channel) }) else {
                    continue
                }
                let request = ContactRequest(
                    messageClass: .marketing, topic: topic.name, channel: channel, address: address)
                let standing = policy.consent(request, happened, now: now)
                row.allowed[channel] = standing == .agreed
                if standing == .unconfirmed { row.unconfirmed.insert(channel) }
            }
            return row
        }
        let paused = facts.customer.pausedUntil.flatMap { $0 > now ? $0 : nil }
        return Page(
            customer: customer.id, language: customer.profile.language, channels: channels, rows: rows,
            stopped: stopped, pausedUntil: paused, holder: holder)
    }

    /// One wish of the customer's.
    package enum Change: Hashable, Sendable {
        /// - Parameter isVouched: whoever tells of the yes answers for it that the customer confirmed it.
        case allow(topic: String, channel: Channel, isVouched: Bool = false)
        /// Of what was granted before, at the address that the link was sent to.
        case confirm(topic: String, channel: Channel)
        case forbid(topic: String?, channel: Channel?)
        case pause(until: Timestamp?)
    }

    /// Writes the changes as ledger entries with their proof; one row of the log.
    ///
    /// - Parameters:
    ///   - method: `preference-page`, or `list-unsubscribe` for a one-click POST (RFC 8058).
    ///   - proof: the IP address, the wording shown, and the message whose link it was.
    ///   - holder: the address that the link was sent to; a yes is confirmed there, and nowhere else, and a no holds there,
    ///     whoever has the address now.
    ///   - isOfHolderAlone: whether a no holds at that address and at no other, because nobody can tell whose it is.
    package func apply(
        _ changes: [Change], of customer: CustomerID, method: String, proof: [String: String], holder: Address? = nil,
        isOfHolderAlone: Bool = false
    ) async throws(EventSinkError) {
        let requests = changes.compactMap { change -> CustomerRequest? in
            switch change {
            case .allow(let topic, let channel, let isVouched):
                .optIn(
                    topic: topic, channel: channel, method: method,
                    confirmation: isVouched ? .vouched : holder.map { .holder($0) } ?? .missing)
            case .confirm(let topic, let channel):
                holder.map { .confirm(topic: topic, channel: channel, address: $0, method: method) }
            case .forbid(let topic, let channel):
                .optOut(
                    topic: topic, channel: channel, method: method, holder: holder, isOfHolderAlone: isOfHolderAlone)
            case .pause(let until): .pause(until: until)
            }
        }
        guard !requests.isEmpty else { return }
        let event = InboundEvent(
            kind: .preferencesChanged, channel: .web, occurredAt: clock(), customer: customer, attributes: proof,
            requests: requests)
        _ = try await sink.submit([event], adapter: "web", region: nil)
    }
}
