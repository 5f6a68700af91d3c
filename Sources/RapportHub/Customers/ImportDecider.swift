import RapportCore
import RapportLog

/// Decides what the lines of a customer file change. Pure.
struct ImportDecider: Sendable {
    let now: Timestamp
    let author: String
    /// What the ledger says of the customers whom the lines are about, those before it included.
    private(set) var ledger: ConsentLedger

    /// A grant without a date says nothing against a no, because nobody knows which of the two was said later.
    ///
    /// - Throws: when the line has such a grant.
    func check(_ row: ImportRow, facts: IntakeFacts) throws(ImportProblem) {
        guard let known = find(row, facts: facts) else { return }
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
        effects += consents(row, customer: customer.id, position: position)
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

    /// No grant is later than now. What the ledger says already is not written again.
    private mutating func consents(_ row: ImportRow, customer: CustomerID, position: Int64) -> [Effect] {
        var effects: [Effect] = []
        for consent in row.consents {
            guard !ledger.says(consent, of: customer, at: now), !isRefused(consent, of: customer) else { continue }
            let at = min(consent.at ?? now, now)
            let entry = ConsentEntry(
                id: EntryID(position: position, ordinal: effects.count), customer: customer, address: nil,
                topic: consent.topic, channel: consent.channel, state: consent.state, at: at,
                confirmedAt: consent.state == .granted ? at : nil, method: "import", proof: ["author": author])
            ledger.add(entry)
            effects.append(.consentRecorded(entry))
        }
        return effects
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
