import HTTPTypes
import RapportCore
import RapportHub
import RapportLog

/// Writes what another system tells of a customer: one row of the log with its effects.
struct CustomerEntry: Sendable {
    let store: any IntakeStoring
    let clock: Clock
    let author: APIToken

    /// Whom a form is about.
    enum Target: Sendable {
        /// The customer who has one of the form's addresses, or a new one.
        case byAddress
        case known(CustomerID)
    }

    /// Whose the addresses are is looked up again inside the transaction, so that two calls at once make one customer.
    ///
    /// - Returns: the customer, and whether it is new.
    func write(
        _ form: CustomerForm, to target: Target
    ) async throws -> (customer: CustomerID, isNew: Bool) {
        let now = clock()
        let named: CustomerID? = if case .known(let id) = target { id } else { nil }
        let adapter = author.adapter
        let item = IntakeItem(key: nil, addresses: form.addresses, customer: named)
        let outcomes = try await store.commit(
            [item], query: IntakeQuery(recordedAt: now, campaignsSince: now)
        ) { _, facts in
            let position = facts.takePosition()
            var known = named
            for address in form.addresses where known == nil { known = facts.customersByAddress[address]?.first }
            var effects: [Effect] = []
            let customer: Customer
            if let known = known.flatMap({ facts.customers[$0] }) {
                customer = known
            } else {
                customer = Customer(id: CustomerID(position))
                effects.append(.customerCreated(customer.id))
            }
            let profile = form.profile(over: customer.profile)
            if profile != customer.profile { effects.append(.profileSet(customer.id, profile)) }
            for address in form.addresses where !customer.addresses.contains(address) {
                effects.append(.addressAttached(customer.id, address))
            }
            let row = Interaction(
                id: InteractionID(position), customer: customer.id, channel: .desk, adapter: adapter,
                direction: .internal, kind: .customerUpdated, occurredAt: now, recordedAt: now,
                attributes: ["author": adapter], effects: effects)
            return [IntakeDecision(interactions: [row])]
        }
        guard let outcome = outcomes.first, let customer = outcome.customer else {
            throw Problem(.internalServerError, "internal")
        }
        return (customer, customer.number == outcome.interaction.number)
    }
}
