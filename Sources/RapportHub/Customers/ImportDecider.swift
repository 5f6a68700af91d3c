import RapportCore
import RapportLog
import RapportPolicy

/// Decides what the lines of a customer file change. Pure.
struct ImportDecider: Sendable {
    let now: Timestamp
    let author: String
    /// Says which grants count only when they are confirmed.
    let policy: ContactPolicy
    /// What the ledger says of the customers whom the lines are about, those before it included.
    private(set) var ledger: ConsentLedger

    /// A grant without a date says nothing against a no, because nobody knows which of the two was said later. A confirmed
    /// one is of an address.
    ///
    /// - Throws: when the line has such a grant, or a confirmed one and no address for it.
    func check(_ row: ImportRow, facts: IntakeFacts) throws(ImportProblem) {
        let known = find(row, facts: facts)
        let schemes = Set((row.addresses + (known?.addresses ?? [])).map(\.scheme))
        if let consent = row.consents.first(where: { consent in
            consent.isConfirmed && !schemes.contains { $0.carries(anyOf: consent.channel) }
        }) {
            let over = consent.channel?.rawValue ?? "any channel"
            throw ImportProblem(reason: "consents: there is no address for \(over) that could have been confirmed")
        }
        guard let known else { return }
        guard let grant = row.consents.first(where: { isRefused($0, of: known.id) }) else { return }
        let name = "\(grant.topic ?? "*"):\(grant.channel?.rawValue ?? "*")"
        throw ImportProblem(reason: "consents: the customer has said no to \(name); give the date of the yes")
    }

    /// One decision for each line, in order; the row of a line that changes nothing has no effects.
    mutating func decide(_ rows: [ImportRow], facts: inout IntakeFacts) -> [IntakeDecision] {
        rows.map { decide($0, facts: &facts) }
    }

    mutating func decide(_ row: ImportRow, facts: inout IntakeFacts) -> IntakeDecision {
        let position = facts.takePosition()
        var effects: [Effect] = []
        var customer: Customer
        if let known = find(row, facts: facts) {
            customer = known
        } else {
            customer = Customer(id: CustomerID(position))
            effects.append(.customerCreated(customer.id))
        }
        let profile = row.profile(over: customer.profile)
        if profile != customer.profile { effects.append(.profileSet(customer.id, profile)) }
        customer.profile = profile
        for address in row.addresses where !customer.addresses.contains(address) {
            customer.addresses.append(address)
            effects.append(.addressAttached(customer.id, address))
        }
        effects += consents(row, customer: customer, position: position)
        facts.customers[customer.id] = customer
        for address in customer.addresses where facts.customersByAddress[address]?.contains(customer.id) != true {
            facts.customersByAddress[address, default: []].append(customer.id)
        }
        let interaction = Interaction(
            id: InteractionID(position), customer: customer.id, channel: .desk, adapter: "cli", direction: .internal,
            kind: .customerImported, occurredAt: now, recordedAt: now, attributes: ["author": author],
            effects: effects)
        return IntakeDecision(interactions: [interaction])
    }

    /// How many grants of the line count only when the customer confirms them, and were never confirmed.
    func unconfirmed(_ row: ImportRow, of customer: CustomerID) -> Int {
        row.consents.count { consent in
            consent.state == .granted && !consent.isConfirmed
                && policy.asksForConfirmation(topic: consent.topic, channel: consent.channel)
                && !ledger.isConfirmed(consent, of: customer)
        }
    }

    /// No grant is later than now. What the ledger says already is not written again. What a dated yes takes back may stand
    /// in the same cell, whatever comes first there.
    private mutating func consents(_ row: ImportRow, customer: Customer, position: Int64) -> [Effect] {
        func isDatedYes(_ consent: ImportRow.Consent) -> Bool { consent.state == .granted && consent.at != nil }
        var effects: [Effect] = []
        for consent in row.consents.filter({ !isDatedYes($0) }) + row.consents.filter(isDatedYes)
        where !isRefused(consent, of: customer.id) {
            for address in [nil] + reach(of: consent, customer: customer).map(Optional.some) {
                guard !ledger.says(consent, of: customer.id, address: address, at: now) else { continue }
                let at = min(consent.at ?? now, now)
                let entry = ConsentEntry(
                    id: EntryID(position: position, ordinal: effects.count), customer: customer.id, address: address,
                    topic: consent.topic, channel: consent.channel, state: consent.state, at: at,
                    confirmedAt: consent.isConfirmed && address != nil ? at : nil, method: ConsentLedger.fileMethod,
                    proof: ["author": author])
                ledger.add(entry)
                effects.append(.consentRecorded(entry))
            }
        }
        return effects
    }

    /// The addresses that the consent is also written of, each with an entry of its own; of those that the customer has
    /// now, so that one which is added later is not confirmed by it.
    ///
    /// - A no is of every address that it reaches, because only so it holds for whoever shares the address, and for whoever
    ///   has it after an unmerge, an erasure or an import under another id.
    /// - A confirmed yes is of the addresses that it is a confirmation of. Where the customer has said no to an address
    ///   itself, a file does not say yes to it.
    /// - Any other yes is of an address only where it takes back what a file has said of it.
    private func reach(of consent: ImportRow.Consent, customer: Customer) -> [Address] {
        customer.addresses.filter { address in
            guard address.scheme.carries(anyOf: consent.channel) else { return false }
            switch consent.state {
            case .denied: return !ledger.hasTakenBack(consent, of: customer.id, since: min(consent.at ?? now, now))
            case .granted:
                return (consent.isConfirmed || ledger.takesBack(consent, of: customer.id, at: address, now: now))
                    && !ledger.refuses(consent, of: customer.id, at: address)
            case .pending: return false
            }
        }
    }

    private func isRefused(_ consent: ImportRow.Consent, of customer: CustomerID) -> Bool {
        consent.state == .granted && consent.at == nil && !ledger.says(consent, of: customer, at: now)
            && ledger.refuses(consent, of: customer)
    }

    /// The `id:` address alone decides when there is one, because a mailbox or a number may be shared.
    private func find(_ row: ImportRow, facts: IntakeFacts) -> Customer? {
        let addresses = row.id.map { [$0] } ?? row.addresses
        let found = IdentityResolution(addresses: addresses, customersByAddress: facts.customersByAddress)
        return found.customer.flatMap { facts.customers[$0] }
    }
}
