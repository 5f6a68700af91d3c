import RapportCore

/// The entries of the consent ledger that match a request: denials and grants, pending ones left out.
struct ConsentRecord: Sendable {
    /// What the consent rule asks of one entry.
    struct Entry: Sendable {
        var at: Timestamp
        var confirmedAt: Timestamp?
        /// For every topic, every channel, every address.
        var scope: Breadth
        /// Its place in the facts.
        var index: Int
    }

    /// In which ways an entry says more than this topic, this channel, this address.
    struct Breadth: OptionSet, Hashable, Sendable {
        let rawValue: UInt8
        static let everyTopic = Breadth(rawValue: 1)
        static let everyChannel = Breadth(rawValue: 2)
        static let everyAddress = Breadth(rawValue: 4)
    }

    private(set) var denials: [Entry] = []
    private(set) var grants: [Entry] = []

    /// - Parameter isNeeded: false when the topic asks for no consent, so that nothing need be looked at.
    init(_ facts: ContactFacts, _ request: ContactRequest, isNeeded: Bool) {
        guard isNeeded else { return }
        for (index, entry) in facts.consents.enumerated() {
            guard entry.topic == nil || entry.topic == request.topic,
                entry.channel == nil || entry.channel == request.channel
            else { continue }
            let isOwn = entry.customer == facts.customer.id
            let isThisAddress = entry.address == request.address
            var scope: Breadth = []
            if entry.topic == nil { scope.insert(.everyTopic) }
            if entry.channel == nil { scope.insert(.everyChannel) }
            if entry.address == nil { scope.insert(.everyAddress) }
            let trace = Entry(at: entry.at, confirmedAt: entry.confirmedAt, scope: scope, index: index)
            switch entry.state {
            case .denied where isThisAddress || (isOwn && entry.address == nil): denials.append(trace)
            case .granted where isOwn && (isThisAddress || entry.address == nil): grants.append(trace)
            case .denied, .granted, .pending: break
            }
        }
    }

    /// Denials that no grant has lifted: one that is strictly later and whose scope is the same or narrower.
    func standingDenials(at now: Timestamp) -> [Entry] {
        denials.filter { denial in
            denial.at <= now
                && !grants.contains { grant in
                    grant.at <= now && grant.at > denial.at && grant.scope.isSubset(of: denial.scope)
                }
        }
    }
}
