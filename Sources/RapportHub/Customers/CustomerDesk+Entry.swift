package import RapportCore
import RapportLog

extension CustomerDesk {
    /// What another system or a colleague tells of a customer.
    package struct Entry: Sendable {
        /// Attached when the customer does not have them yet; none is taken away.
        package var addresses: [Address]
        /// What is known, with what is told written over it.
        package var profile: @Sendable (_ known: Customer.Profile) -> Customer.Profile

        /// There are to be no quiet hours, those of whoever was merged into the customer included, which hold as well.
        package var endsQuietHours: Bool

        /// The customer may get addresses that somebody else has.
        package var mayShare: Bool

        package init(
            addresses: [Address], endsQuietHours: Bool = false, mayShare: Bool = false,
            profile: @escaping @Sendable (_ known: Customer.Profile) -> Customer.Profile
        ) {
            self.addresses = addresses
            self.endsQuietHours = endsQuietHours
            self.mayShare = mayShare
            self.profile = profile
        }
    }

    /// Writes what is told of a customer: one row of the log with its effects, and one for each whose quiet hours it ends.
    ///
    /// Whose the addresses are is looked up again inside the transaction, so that two calls at once make one customer, and
    /// give nobody what is somebody else's.
    ///
    /// - Parameter customer: whom it is about; `nil`: the customer who has one of the addresses, or a new one.
    /// - Returns: the customer, and whether it is new.
    /// - Throws: `DeskError.unknownCustomer`, `DeskError.identityConflict`, `StoreError`.
    package func enter(
        _ entry: Entry, about customer: CustomerID?
    ) async throws -> (customer: CustomerID, isNew: Bool) {
        while true {
            var root: CustomerID?
            if let customer {
                root = try await store.customers([customer])[customer]?.id
                guard root != nil else { throw DeskError.unknownCustomer(customer) }
            }
            let owners = try await entry.mayShare ? [:] : store.customers(at: entry.addresses)
            if let owners = Self.conflicting(owners, about: root) { throw DeskError.identityConflict(owners) }
            if let entered = try await write(entry, about: customer) { return entered }
            // Somebody got one of the addresses until then: they are looked up once more, to name who has them.
            try Task.checkCancellation()
        }
    }

    /// Who has addresses that can't all be one customer's: somebody else's, or those of several. That is a question for a
    /// person, who may merge them. `nil`: they can.
    private static func conflicting(
        _ owners: [Address: [CustomerID]], about customer: CustomerID?
    ) -> [CustomerID]? {
        let ids = Set(owners.values.joined())
        let isConflict =
            if let customer {
                !owners.values.allSatisfy { $0.isEmpty || $0.contains(customer) }
            } else {
                ids.count > 1
            }
        return isConflict ? ids.sorted() : nil
    }

    /// - Returns: `nil` when the addresses are not one customer's any more; then nothing is written.
    private func write(
        _ entry: Entry, about customer: CustomerID?
    ) async throws -> (customer: CustomerID, isNew: Bool)? {
        let now = clock()
        let (adapter, author) = (adapter, author)
        let outcomes = try await store.commit(
            [IntakeItem(key: nil, addresses: entry.addresses, customer: customer)],
            query: IntakeQuery(recordedAt: now, campaignsSince: now)
        ) { _, facts in
            let owners = entry.mayShare ? [:] : facts.customersByAddress
            let root = customer.map { facts.customers[$0]?.id ?? $0 }
            guard Self.conflicting(owners, about: root) == nil else { return [] }
            let row = Self.row(of: entry, about: customer, facts: &facts, at: now, adapter: adapter, author: author)
            var rows = [row]
            if entry.endsQuietHours, let customer = row.customer {
                for member in facts.restingMembers[customer] ?? [] where member.profile.quietHours != nil {
                    rows.append(Self.quietNote(of: member, after: row, at: facts.takePosition()))
                }
            }
            return [IntakeDecision(interactions: rows)]
        }
        guard let written = outcomes.first, let found = written.customer else { return nil }
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

    /// That the quiet hours of somebody who was merged into the customer are over. It is of their timeline, because it tells
    /// of their profile, which is theirs alone again when the merge is undone.
    private static func quietNote(of member: Customer, after row: Interaction, at position: Int64) -> Interaction {
        var profile = member.profile
        profile.quietHours = nil
        return Interaction(
            id: InteractionID(position), customer: member.id, channel: .desk, adapter: "hub", direction: .internal,
            kind: .preferencesChanged, occurredAt: row.recordedAt, recordedAt: row.recordedAt,
            attributes: ["interaction": row.id.description],
            references: Interaction.References(inReplyTo: row.id), effects: [.profileSet(member.id, profile)])
    }
}
