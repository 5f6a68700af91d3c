package import RapportCore
import RapportLog

extension CustomerDesk {
    /// What another system or a colleague tells of a customer.
    package struct Entry: Sendable {
        /// Attached when the customer does not have them yet; none is taken away.
        package var addresses: [Address]
        /// What is known, with what is told written over it.
        package var profile: @Sendable (_ known: Customer.Profile) -> Customer.Profile

        package init(
            addresses: [Address], profile: @escaping @Sendable (_ known: Customer.Profile) -> Customer.Profile
        ) {
            self.addresses = addresses
            self.profile = profile
        }
    }

    /// Writes what is told of a customer: one row of the log with its effects.
    ///
    /// Whose the addresses are is looked up again inside the transaction, so that two calls at once make one customer.
    ///
    /// - Parameter customer: whom it is about; `nil`: the customer who has one of the addresses, or a new one.
    /// - Returns: the customer, and whether it is new.
    /// - Throws: `DeskError.unknownCustomer`, `StoreError`.
    package func enter(
        _ entry: Entry, about customer: CustomerID?
    ) async throws -> (customer: CustomerID, isNew: Bool) {
        if let customer, try await store.customers([customer])[customer] == nil {
            throw DeskError.unknownCustomer(customer)
        }
        let now = clock()
        let (adapter, author) = (adapter, author)
        let outcomes = try await store.commit(
            [IntakeItem(key: nil, addresses: entry.addresses, customer: customer)],
            query: IntakeQuery(recordedAt: now, campaignsSince: now)
        ) { _, facts in
            let row = Self.row(of: entry, about: customer, facts: &facts, at: now, adapter: adapter, author: author)
            return [IntakeDecision(interactions: [row])]
        }
        guard let written = outcomes.first, let found = written.customer else {
            throw DeskError.unknownCustomer(customer ?? CustomerID(0))
        }
        return (found, found.number == written.interaction.number)
    }

    private static func row(
        of entry: Entry, about named: CustomerID?, facts: inout IntakeFacts, at now: Timestamp, adapter: String,
        author: String
    ) -> Interaction {
        let position = facts.takePosition()
        var effects: [Effect] = []
        let owners = facts.customersByAddress
        let owner = named ?? entry.addresses.lazy.compactMap { owners[$0]?.first }.first
        let customer: Customer
        if let known = owner.flatMap({ facts.customers[$0] }) {
            customer = known
        } else {
            customer = Customer(id: CustomerID(position))
            effects.append(.customerCreated(customer.id))
        }
        let profile = entry.profile(customer.profile)
        if profile != customer.profile { effects.append(.profileSet(customer.id, profile)) }
        for address in entry.addresses where !customer.addresses.contains(address) {
            effects.append(.addressAttached(customer.id, address))
        }
        return Interaction(
            id: InteractionID(position), customer: customer.id, channel: .desk, adapter: adapter, direction: .internal,
            kind: .customerUpdated, occurredAt: now, recordedAt: now, attributes: ["author": author], effects: effects)
    }
}
