package import RapportCore
package import RapportLog

/// What colleagues do with customers and follow-ups: each act is one row of the log, with its effects.
package struct CustomerDesk: Sendable {
    let store: any IntakeStoring & CustomerStoring & FollowUpReading
    let clock: Clock
    /// Where the act was made: `cli` or `api`.
    let adapter: String
    /// Who made it.
    let author: String

    package init(
        store: any IntakeStoring & CustomerStoring & FollowUpReading, clock: @escaping Clock, adapter: String,
        author: String
    ) {
        self.store = store
        self.clock = clock
        self.adapter = adapter
        self.author = author
    }

    /// Makes `from` an alias of `into`: one timeline, one set of preferences, until it is undone.
    package func merge(_ from: CustomerID, into: CustomerID) async throws -> InteractionID {
        try await settled {
            guard from != into else { throw DeskError.sameCustomer }
            let (source, target) = try await pair(from, into)
            return try await append(
                .customerMerged, customer: target, others: [from, into], attributes: ["from": source.description],
                effects: [.merged(from: source, into: target)]
            ) { Self.stand([from: source, into: target], in: $0) }
        }
    }

    /// Undoes a merge: both customers have their own rows and preferences again.
    ///
    /// - Parameter into: the customer that `from` is part of, directly or by way of another.
    package func unmerge(_ from: CustomerID, from into: CustomerID) async throws -> InteractionID {
        try await settled {
            guard from != into, let parent = try await store.mergedInto(from),
                try await store.aliases(of: into).contains(from)
            else { throw DeskError.notMerged }
            return try await append(
                .customerUnmerged, customer: into, others: [from], attributes: ["from": from.description],
                effects: [.unmerged(from: from, into: parent)]
            ) { facts in
                // Still part of somebody, and of the same one.
                facts.customers[from]?.id != from && facts.customers[from]?.id == facts.customers[into]?.id
            }
        }
    }

    /// Says that two customers are not one, which settles their identity conflict, whatever event names them together
    /// again. Saying it before there is one is of use, too: of a couple with one telephone.
    package func tellApart(_ first: CustomerID, _ second: CustomerID) async throws -> InteractionID {
        try await settled {
            let (one, other) = try await pair(first, second)
            return try await append(
                .customerToldApart, customer: one, others: [first, second], attributes: ["from": other.description],
                effects: [.toldApart(one, other)]
            ) { Self.stand([first: one, second: other], in: $0) }
        }
    }

    /// Closes a follow-up by hand. Closing a closed one is an error, so that nobody thinks they did it.
    package func close(_ followUp: FollowUpID, resolution: String) async throws -> InteractionID {
        try await settled {
            let found = try await openFollowUp(followUp)
            return try await append(
                .followUpClosed, customer: found.customer, followUp: followUp, text: resolution,
                attributes: ["follow-up": followUp.description],
                effects: [.followUpClosed(followUp, at: clock(), resolution: resolution)]
            ) { $0.openFollowUpIDs.contains(followUp) }
        }
    }

    package func assign(_ followUp: FollowUpID, to owner: String?) async throws -> InteractionID {
        try await settled {
            let found = try await openFollowUp(followUp)
            return try await append(
                .followUpAssigned, customer: found.customer, followUp: followUp,
                attributes: ["follow-up": followUp.description, "owner": owner ?? ""],
                effects: [.followUpAssigned(followUp, owner: owner)]
            ) { $0.openFollowUpIDs.contains(followUp) }
        }
    }

    private func openFollowUp(_ id: FollowUpID) async throws -> FollowUp {
        guard let found = try await store.followUp(id) else { throw DeskError.unknownFollowUp(id) }
        guard found.state == .open else { throw DeskError.closedFollowUp(id) }
        return found
    }

    /// Those who stand for two customers, who are not one and not erased.
    private func pair(_ first: CustomerID, _ second: CustomerID) async throws -> (CustomerID, CustomerID) {
        let found = try await store.customers([first, second])
        guard let one = found[first] else { throw DeskError.unknownCustomer(first) }
        guard let other = found[second] else { throw DeskError.unknownCustomer(second) }
        guard first != second else { throw DeskError.sameCustomer }
        guard one.id != other.id else { throw DeskError.alreadyMerged }
        guard !one.erased, !other.erased else { throw DeskError.erased }
        return (one.id, other.id)
    }

    /// Whether these still stand for those whom they were found to stand for (customer -> the one who does), and none is
    /// erased.
    private static func stand(_ roots: [CustomerID: CustomerID], in facts: IntakeFacts) -> Bool {
        roots.allSatisfy { customer, root in
            facts.customers[customer].map { $0.id == root && !$0.erased } ?? false
        }
    }

    /// Does something that has been looked at first. Where it has changed until it is written it is looked at again, so
    /// that of two acts at once the second finds what the first has made.
    private func settled(_ act: () async throws -> InteractionID?) async throws -> InteractionID {
        while true {
            if let row = try await act() { return row }
            try Task.checkCancellation()
        }
    }

    /// - Parameter holds: asked inside the transaction: whether what was found beforehand is still so.
    /// - Returns: `nil` when it is not; then nothing is written.
    private func append(
        _ kind: InteractionKind, customer: CustomerID, others: [CustomerID] = [], followUp: FollowUpID? = nil,
        text: String? = nil, attributes: [String: String] = [:], effects: [Effect],
        while holds: @escaping @Sendable (IntakeFacts) -> Bool
    ) async throws -> InteractionID? {
        let now = clock()
        var attributes = attributes
        attributes["author"] = author
        let row = Interaction(
            id: InteractionID(0), customer: customer, channel: .desk, adapter: adapter, direction: .internal,
            kind: kind, occurredAt: now, recordedAt: now, text: text, attributes: attributes, effects: effects)
        let outcomes = try await store.commit(
            [IntakeItem(key: nil, customer: customer, others: others, followUp: followUp)],
            query: IntakeQuery(recordedAt: now, campaignsSince: now)
        ) { _, facts in
            guard holds(facts) else { return [] }
            var row = row
            row.id = InteractionID(facts.takePosition())
            return [IntakeDecision(interactions: [row])]
        }
        return outcomes.first?.interaction
    }
}

/// Why a colleague's act can't be done. Sentences for people.
package enum DeskError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownCustomer(CustomerID)
    case sameCustomer
    case alreadyMerged
    case notMerged
    case erased
    case unknownFollowUp(FollowUpID)
    case closedFollowUp(FollowUpID)
    case answeredFollowUp(FollowUpID, by: DispatchID)
    case foreignFollowUp(FollowUpID, CustomerID)
    /// Addresses that were told of one customer are these customers'.
    case identityConflict([CustomerID])
    case unknownAddress
    case noRoute
    case unknownAdapter(String)
    case keyInUse
    case badAddress(String)

    package var description: String {
        switch self {
        case .unknownCustomer(let id): "there is no customer \(id)"
        case .sameCustomer: "that is the same customer twice"
        case .alreadyMerged: "they are one customer already"
        case .notMerged: "they were not merged, so there is nothing to undo"
        case .erased: "an erased customer is nobody any more: there is nothing to merge or to tell apart"
        case .unknownFollowUp(let id): "there is no follow-up \(id)"
        case .closedFollowUp(let id): "the follow-up \(id) is closed already"
        case .answeredFollowUp(let id, let message): "the follow-up \(id) is being answered already, by \(message)"
        case .foreignFollowUp(let id, let customer): "the follow-up \(id) is not \(customer)’s"
        case .identityConflict: "the addresses belong to more than one customer"
        case .unknownAddress: "nobody with this address is known"
        case .noRoute: "the customer has no address that an adapter of the configuration can send to"
        case .unknownAdapter(let name): "no adapter ‘\(name)’ of the configuration sends over these channels"
        case .keyInUse: "this key was used for another message"
        case .badAddress(let reason): "the address can't be used: \(reason)"
        }
    }
}
