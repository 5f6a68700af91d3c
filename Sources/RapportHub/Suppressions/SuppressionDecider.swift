import RapportCore
import RapportLog

/// Decides what becomes of a suppression that is added or lifted: one row of the log, or none. Pure.
struct SuppressionDecider: Sendable {
    let now: Timestamp
    /// Where it was said: `cli` or `api:NAME`.
    let adapter: String
    let author: String

    var query: IntakeQuery { IntakeQuery(recordedAt: now, campaignsSince: now) }

    func item(about address: Address) -> IntakeItem {
        IntakeItem(
            key: nil, addresses: [address], wantsAllAddresses: false, wantsProfile: false, wantsSuppressions: true)
    }

    /// - Returns: `nil`, and no position is taken, when the address is suppressed so already.
    func add(_ entry: SuppressionEntry, facts: inout IntakeFacts) -> Interaction? {
        let known = facts.suppressions[entry.address] ?? []
        guard !known.contains(where: { entry.isSaid(by: $0, at: now) }) else { return nil }
        let position = facts.takePosition()
        let suppression = suppression(entry, position: position)
        facts.suppressions[entry.address] = known + [suppression]
        var row = row(.suppressionAdded, position, of: entry.address, entry.reason, facts: facts)
        row.occurredAt = suppression.at
        row.attributes["until"] = entry.until?.rfc3339
        row.effects = [.suppressed(suppression)]
        return row
    }

    /// - Returns: `nil`, and no position is taken, when there is nothing to lift: what stands for an erased customer's
    ///   address is not the address's own.
    func lift(_ reason: Suppression.Reason, from address: Address, facts: inout IntakeFacts) -> Interaction? {
        let isThere = (facts.suppressions[address] ?? []).contains {
            $0.address == address && $0.reason == reason && !$0.hasEnded(at: now)
        }
        guard isThere else { return nil }
        var row = row(.suppressionLifted, facts.takePosition(), of: address, reason, facts: facts)
        row.effects = [.suppressionLifted(address, reason)]
        return row
    }

    func suppression(_ entry: SuppressionEntry, position: Int64) -> Suppression {
        Suppression(
            id: EntryID(position: position), address: entry.address, reason: entry.reason, at: entry.at ?? now,
            until: entry.until)
    }

    /// Names the customer when it can be one alone. The address stands where an erasure looks for it in rows of nobody.
    private func row(
        _ kind: InteractionKind, _ position: Int64, of address: Address, _ reason: Suppression.Reason,
        facts: IntakeFacts
    ) -> Interaction {
        let holders = facts.customersByAddress[address] ?? []
        return Interaction(
            id: InteractionID(position), customer: holders.count == 1 ? holders[0] : nil, channel: .desk,
            adapter: adapter, direction: .internal, kind: kind, occurredAt: now, recordedAt: now,
            to: address.deliverableURI, attributes: ["author": author, "reason": reason.rawValue])
    }
}
