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
        // In place, as `DispatchTrace.history` does.
        facts.consents.withUnsafeBufferPointer { consents in
            guard var entry = consents.baseAddress else { return }
            for index in consents.indices {
                add(entry, index, facts.customer, request)
                entry += 1
            }
        }
    }

    private mutating func add(
        _ entry: UnsafePointer<ContactFacts.Consent>, _ index: Int, _ customer: borrowing ContactFacts.Person,
        _ request: borrowing ContactRequest
    ) {
        let (isEveryTopic, isEveryChannel) = (entry.pointee.topic == nil, entry.pointee.channel == nil)
        guard isEveryTopic || entry.pointee.topic == request.topic,
            isEveryChannel || entry.pointee.channel == request.channel
        else { return }
        let isOwn = entry.pointee.customer == customer.id
        let isEveryAddress = entry.pointee.address == nil
        let isThisAddress = entry.pointee.address?.uri == request.address.uri
        var scope: Breadth = []
        if isEveryTopic { scope.insert(.everyTopic) }
        if isEveryChannel { scope.insert(.everyChannel) }
        if isEveryAddress { scope.insert(.everyAddress) }
        let trace = Entry(at: entry.pointee.at, confirmedAt: entry.pointee.confirmedAt, scope: scope, index: index)
        switch entry.pointee.state {
        case .denied where isThisAddress || (isOwn && isEveryAddress): denials.append(trace)
        case .granted where isOwn && (isThisAddress || isEveryAddress): grants.append(trace)
        case .denied, .granted, .pending: break
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
