import RapportCore

/// What is known of customers' consents while a file is brought in, to tell what it says anew from what was said before.
struct ConsentLedger: Sendable {
    private struct Entry: Sendable {
        /// Said of one address only, which a file never does.
        var isOfAddress = false
        var topic: String?
        var channel: Channel?
        var state: ConsentEntry.State
        var at: Timestamp
    }

    private var entries: [CustomerID: [Entry]] = [:]
    private var grantedLast: [CustomerID: Timestamp] = [:]

    init(_ known: [CustomerID: [ContactFacts.Consent]] = [:]) {
        for (customer, consents) in known {
            for consent in consents where consent.customer == customer.description {
                note(consent.state, at: consent.at, of: customer)
                entries[customer, default: []].append(
                    Entry(
                        isOfAddress: consent.address != nil, topic: consent.topic, channel: consent.channel,
                        state: consent.state, at: consent.at))
            }
        }
    }

    mutating func add(_ entry: ConsentEntry) {
        note(entry.state, at: entry.at, of: entry.customer)
        entries[entry.customer, default: []].append(
            Entry(topic: entry.topic, channel: entry.channel, state: entry.state, at: entry.at))
    }

    /// Whether writing this down would say nothing new.
    ///
    /// A date in the past must be the same. Without one, or with one still to come, it is enough that the same was said
    /// before, and, for a no, that no yes came after it.
    func says(_ consent: ImportRow.Consent, of customer: CustomerID, at now: Timestamp) -> Bool {
        (entries[customer] ?? []).contains { entry in
            guard !entry.isOfAddress, entry.topic == consent.topic, entry.channel == consent.channel,
                entry.state == consent.state
            else { return false }
            if let at = consent.at, at <= now { return entry.at == at }
            return entry.state != .denied || grantedLast[customer].map { $0 <= entry.at } ?? true
        }
    }

    /// Whether a no stands against this yes: one about the same topic and channel, or about all of them or some, that no
    /// later yes of its scope or wider has lifted.
    func refuses(_ consent: ImportRow.Consent, of customer: CustomerID) -> Bool {
        func meet<Value: Equatable>(_ one: Value?, _ other: Value?) -> Bool {
            one == nil || other == nil || one == other
        }
        func covers<Value: Equatable>(_ one: Value?, _ other: Value?) -> Bool { one == nil || one == other }
        let entries = entries[customer] ?? []
        return entries.contains { no in
            guard no.state == .denied, meet(no.topic, consent.topic), meet(no.channel, consent.channel) else {
                return false
            }
            return !entries.contains { yes in
                yes.state == .granted && yes.at > no.at && yes.isOfAddress == no.isOfAddress
                    && covers(yes.topic, no.topic) && covers(yes.channel, no.channel)
            }
        }
    }

    private mutating func note(_ state: ConsentEntry.State, at: Timestamp, of customer: CustomerID) {
        guard state == .granted else { return }
        grantedLast[customer] = max(grantedLast[customer] ?? at, at)
    }
}
