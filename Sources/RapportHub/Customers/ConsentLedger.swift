import RapportCore

/// What is known of customers' consents while a file is brought in, to tell what it says anew from what was said before.
struct ConsentLedger: Sendable {
    private struct Entry: Sendable {
        /// `nil`: said of whatever address.
        var address: Address?
        var topic: String?
        var channel: Channel?
        var state: ConsentEntry.State
        var at: Timestamp
        var isConfirmed: Bool
        var isFromFile: Bool
    }

    /// How an entry of a customer file says that it came.
    static let fileMethod = "import"

    private var entries: [CustomerID: [Entry]] = [:]
    /// What others have said of the customers' addresses.
    private var others: [CustomerID: [Entry]] = [:]
    private var grantedLast: [CustomerID: Timestamp] = [:]

    /// - Parameters:
    ///   - known: the facts of customers and of their addresses.
    ///   - fromFiles: the ids of those entries that an earlier file brought; one that is missing counts as the customer's
    ///     own, which a file takes less back of.
    init(_ known: [CustomerID: [ContactFacts.Consent]] = [:], fromFiles: Set<String> = []) {
        for (customer, consents) in known {
            for consent in consents {
                let entry = Entry(
                    address: consent.address, topic: consent.topic, channel: consent.channel, state: consent.state,
                    at: consent.at, isConfirmed: consent.confirmedAt != nil,
                    isFromFile: fromFiles.contains(consent.id))
                if consent.customer == customer.description {
                    note(consent.state, at: consent.at, of: customer)
                    entries[customer, default: []].append(entry)
                } else {
                    others[customer, default: []].append(entry)
                }
            }
        }
    }

    mutating func add(_ entry: ConsentEntry) {
        note(entry.state, at: entry.at, of: entry.customer)
        entries[entry.customer, default: []].append(
            Entry(
                address: entry.address, topic: entry.topic, channel: entry.channel, state: entry.state, at: entry.at,
                isConfirmed: entry.confirmedAt != nil, isFromFile: entry.method == Self.fileMethod))
    }

    /// Whether writing this down, of whatever address or of one, would say nothing new.
    ///
    /// A date in the past must be the same. Without one, or with one still to come, it is enough that the same was said
    /// before, and, for a no, that no yes came after it.
    func says(
        _ consent: ImportRow.Consent, of customer: CustomerID, address: Address? = nil, at now: Timestamp
    ) -> Bool {
        (entries[customer] ?? []).contains { entry in
            guard entry.address == address, entry.topic == consent.topic, entry.channel == consent.channel,
                entry.state == consent.state, entry.isConfirmed || !consent.isConfirmed || address == nil
            else { return false }
            if let at = consent.at, at <= now { return entry.at == at }
            return entry.state != .denied || grantedLast[customer].map { $0 <= entry.at } ?? true
        }
    }

    /// Whether a no stands against this yes: one about the same topic and channel, or about all of them or some, that no
    /// later yes of its scope or wider has lifted.
    ///
    /// - Parameter address: only a no that was said of this one, and none that a file said before the yes; `nil`: any.
    func refuses(_ consent: ImportRow.Consent, of customer: CustomerID, at address: Address? = nil) -> Bool {
        let entries = entries[customer] ?? []
        return entries.contains { no in
            guard no.state == .denied, Self.meet(no, consent) else { return false }
            if let address {
                let isEarlierOfFile = no.isFromFile && (consent.at ?? no.at) > no.at
                guard no.address == address, !isEarlierOfFile else { return false }
            }
            return !entries.contains { yes in
                yes.state == .granted && yes.at > no.at && yes.address == no.address
                    && Self.covers(yes.topic, no.topic) && Self.covers(yes.channel, no.channel)
            }
        }
    }

    /// Whether this yes takes back a no that a file has said of the address: a later yes of the same scope or a narrower
    /// one. It does not when somebody who shares the address has said no there, too, and without a date that has come it
    /// takes nothing back.
    func takesBack(_ consent: ImportRow.Consent, of customer: CustomerID, at address: Address, now: Timestamp) -> Bool {
        guard let at = consent.at, at <= now else { return false }
        let isTheirs = (others[customer] ?? []).contains { no in
            no.state == .denied && no.address == address && Self.meet(no, consent)
        }
        return !isTheirs
            && (entries[customer] ?? []).contains { no in
                no.state == .denied && no.isFromFile && no.address == address && no.at < at
                    && Self.covers(no.topic, consent.topic) && Self.covers(no.channel, consent.channel)
            }
    }

    /// Whether the customer has said yes, whatever the address, to what was refused at that time: of a no that was taken
    /// back before it was read nothing is left to be said of addresses.
    func hasTakenBack(_ no: ImportRow.Consent, of customer: CustomerID, since at: Timestamp) -> Bool {
        (entries[customer] ?? []).contains { yes in
            yes.state == .granted && yes.address == nil && yes.at > at && yes.topic == no.topic
                && yes.channel == no.channel
        }
    }

    /// Whether there is something that both are about.
    private static func meet(_ entry: Entry, _ consent: ImportRow.Consent) -> Bool {
        func overlap<Value: Equatable>(_ one: Value?, _ other: Value?) -> Bool {
            one == nil || other == nil || one == other
        }
        return overlap(entry.topic, consent.topic) && overlap(entry.channel, consent.channel)
    }

    private static func covers<Value: Equatable>(_ one: Value?, _ other: Value?) -> Bool {
        one == nil || one == other
    }

    /// Whether the customer confirmed this yes, or a wider one, at one of their addresses at least.
    func isConfirmed(_ consent: ImportRow.Consent, of customer: CustomerID) -> Bool {
        (entries[customer] ?? []).contains { entry in
            entry.state == .granted && entry.isConfirmed && (entry.topic == nil || entry.topic == consent.topic)
                && (entry.channel == nil || entry.channel == consent.channel)
        }
    }

    private mutating func note(_ state: ConsentEntry.State, at: Timestamp, of customer: CustomerID) {
        guard state == .granted else { return }
        grantedLast[customer] = max(grantedLast[customer] ?? at, at)
    }
}
