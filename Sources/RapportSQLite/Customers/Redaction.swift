import GRDB
import RapportCore

/// Keeps personal data from flowing back to a customer who was erased: the result of a message that was in flight, a
/// receipt, or a wish to leave may come long after. Every row that is appended about such a customer passes here, and
/// every one about a message to an address that only they had.
struct Redaction {
    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// The row as it may be written; the one that says who erased the customer stays as it is.
    func row(_ row: Interaction) throws -> Interaction {
        guard row.kind != .customerErased else { return row }
        return row.withoutPersonalData(effects: try row.effects.compactMap(effect))
    }

    /// The same for a row of somebody who was not erased, about a message to an erased customer's address.
    func rowOfAnother(_ row: Interaction) throws -> Interaction {
        row.withoutPersonalData(effects: try row.effects.filter(isOfAnother).compactMap(effect))
    }

    /// What the erased customer asked, and what names an address that is nobody's, is not the other's.
    private func isOfAnother(_ effect: Effect) throws -> Bool {
        switch effect {
        case .followUpOpened: return false
        case .suppressed: return true
        default:
            guard let address = effect.address, !Pseudonyms.isPseudonym(address.uri) else { return true }
            return try transaction.holder(of: address) != nil
        }
    }

    private func effect(_ effect: Effect) throws -> Effect? {
        switch effect {
        case .customerCreated, .merged, .unmerged, .identityConflicted, .toldApart, .erased, .dispatchAdvanced:
            return effect
        case .profileSet(let id, _), .addressAttached(let id, _), .addressDetached(let id, _), .responded(let id, _):
            return try isErased(id) ? nil : effect
        case .followUpOpened(let followUp): return try isErased(followUp.customer) ? nil : effect
        case .followUpClosed(let id, _, _), .followUpAssigned(let id, _): return try isKnown(id) ? effect : nil
        case .conversationNamed: return nil
        case .suppressed(var suppression):
            suppression.address = try hidden(suppression.address)
            return .suppressed(suppression)
        case .suppressionLifted(let address, _): return try transaction.holder(of: address) == nil ? nil : effect
        case .consentRecorded(let entry):
            guard try isErased(entry.customer) else { return effect }
            return try transaction.inherited(entry).map(Effect.consentRecorded)
        }
    }

    /// An address that somebody has is theirs; any other is known by its pseudonym only.
    private func hidden(_ address: Address) throws -> Address {
        guard !Pseudonyms.isPseudonym(address.uri), try transaction.holder(of: address) == nil else { return address }
        return Address(normalized: transaction.pseudonyms.uri(for: address.uri)) ?? address
    }

    private func isErased(_ id: CustomerID) throws -> Bool {
        try db.number("SELECT erased FROM customer WHERE id = ?", [id.number]) == 1
    }

    private func isKnown(_ id: FollowUpID) throws -> Bool {
        try db.number("SELECT count(*) FROM follow_up WHERE id = ?", [id.number]) == 1
    }
}

extension Transaction {
    /// A customer who has this address and is none of these.
    func holder(of address: Address, besides family: [Int64] = []) throws -> CustomerID? {
        try db.first(
            """
            SELECT ca.customer FROM address a CROSS JOIN customer_address ca ON ca.address = a.id
            WHERE a.uri = ? AND ca.customer NOT IN (SELECT value FROM json_each(?)) ORDER BY ca.customer LIMIT 1
            """, [address.uri, Bound.list(family)]
        ) { CustomerID($0[0]) }
    }

    /// What an erased customer forbade at an address that somebody else has, as that one's own entry: a denial of an
    /// address reaches everybody who shares it, and outlives the one who said it. `nil` for anything else.
    func inherited(_ entry: ConsentEntry, from family: [Int64] = []) throws -> ConsentEntry? {
        guard entry.state == .denied, let address = entry.address,
            let heir = try holder(of: address, besides: family)
        else { return nil }
        return ConsentEntry(
            id: entry.id, customer: heir, address: address, topic: entry.topic, channel: entry.channel, state: .denied,
            at: entry.at, method: "shared-address")
    }
}

extension Interaction {
    /// The place, kind and times of a row, what it refers to, and these effects.
    func withoutPersonalData(effects: [Effect]) -> Interaction {
        Interaction(
            id: id, customer: customer, channel: channel, adapter: adapter, direction: direction, kind: kind,
            occurredAt: occurredAt, recordedAt: recordedAt,
            references: References(
                campaign: references.campaign, occurrence: references.occurrence, dispatch: references.dispatch,
                inReplyTo: references.inReplyTo),
            effects: effects)
    }
}
