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
    }

    private var entries: [CustomerID: [Entry]] = [:]
    private var grantedLast: [CustomerID: Timestamp] = [:]

    init(_ known: [CustomerID: [ContactFacts.Consent]] = [:]) {
        for (customer, consents) in known {
            for consent in consents where consent.customer == customer.description {
                note(consent.state, at: consent.at, of: customer)
                entries[customer, default: []].append(
                    Entry(
                        address: consent.address, topic: consent.topic, channel: consent.channel,
                        state: consent.state, at: consent.at, isConfirmed: consent.confirmedAt != nil))
            }
        }
    }

    mutating func add(_ entry: ConsentEntry) {
        note(entry.state, at: entry.at, of: entry.customer)
        entries[entry.customer, default: []].append(
            Entry(
                address: entry.address, topic: entry.topic, channel: entry.channel, state: entry.state, at: entry.at,
                isConfirmed: entry.confirmedAt != nil))
    }

    /// Whether writing this down, of whatever address or as the confirmation of one, would say nothing new.
    ///
    /// A date in the past must be the same. Without one, or with one still to come, it is enough that the same was said
    /// before, and, for a no, that no yes came after it.
    func says(
        _ consent: ImportRow.Consent, of customer: CustomerID, confirmedAt address: Address? = nil, at now: Timestamp
    ) -> Bool {
        (entries[customer] ?? []).contains { entry in
            guard entry.address == address, entry.topic == consent.topic, entry.channel == consent.channel,
                entry.state == consent.state, entry.isConfirmed || address == nil
            else { return false }
            if let at = consent.at, at <= now { return entry.at == at }
            return entry.state != .denied || grantedLast[customer].map { $0 <= entry.at } ?? true
        }
    }

    /// Whether a no stands against this yes: one about the same topic and channel, or about all of them or some, that no
    /// later yes of its scope or wider has lifted.
    ///
    /// - Parameter address: only a no that was said of this one; `nil`: any.
    func refuses(_ consent: ImportRow.Consent, of customer: CustomerID, at address: Address? = nil) -> Bool {
        func meet<Value: Equatable>(_ one: Value?, _ other: Value?) -> Bool {
            one == nil || other == nil || one == other
        }
        func covers<Value: Equatable>(_ one: Value?, _ other: Value?) -> Bool { one == nil || one == other }
        let entries = entries[customer] ?? []
        return entries.contains { no in
            guard no.state == .denied, address == nil || no.address == address, meet(no.topic, consent.topic),
                meet(no.channel, consent.channel)
            else { return false }
            return !entries.contains { yes in
                yes.state == .granted && yes.at > no.at && yes.address == no.address
                    && covers(yes.topic, no.topic) && covers(yes.channel, no.channel)
            }
        }
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
