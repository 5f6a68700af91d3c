import GRDB
import RapportCore
import RapportLog

/// Reads what the store knows about a batch of events, with a fixed number of statements.
struct IntakeFactsReader {
    let transaction: Transaction
    let query: IntakeQuery
    private var db: Database { transaction.db }

    func facts(about items: [IntakeItem], nextPosition: Int64) throws -> IntakeFacts {
        let reader = CustomerReader(transaction)
        let dispatches = try dispatches(Set(items.compactMap(\.dispatch)))
        var addresses = Set(items.flatMap(\.addresses))
        for item in items where item.wantsAllAddresses {
            guard let dispatch = item.dispatch.flatMap({ dispatches[$0] }) else { continue }
            addresses.insert(dispatch.address)
            addresses.formUnion(dispatch.earlier.map(\.address))
        }
        let holders = try reader.holders(of: addresses)
        let conversations = try conversations(Set(items.flatMap(\.conversationKeys)))

        var named = Set(items.compactMap(\.customer?.number))
        named.formUnion(items.flatMap(\.others).map(\.number))
        named.formUnion(holders.values.joined())
        named.formUnion(dispatches.values.map(\.customer.number))
        named.formUnion(conversations.values.compactMap(\.customer?.number))
        let wantsProfiles = items.contains { $0.wantsProfile || $0.customer != nil }
        var standing =
            wantsProfiles
            ? try reader.standingWithoutAddresses(for: named) : try reader.standingWithoutProfiles(for: named)
        if items.contains(where: \.wantsAllAddresses) {
            try reader.addAddresses(to: &standing)
        } else {
            for address in addresses {
                for root in Set((holders[address] ?? []).compactMap { standing.rootOf[$0] }) {
                    standing.customers[root]?.addresses.append(address)
                }
            }
        }
        let (customers, rootOf, members) = (standing.customers, standing.rootOf, standing.members)

        var facts = IntakeFacts(nextPosition: nextPosition)
        facts.customersByAddress = try reader.owners(holders, rootOf: rootOf) { customers[$0]?.erased == false }
            .mapValues { $0.map(CustomerID.init) }
        facts.customers.reserveCapacity(rootOf.count)
        for (id, root) in rootOf { facts.customers[CustomerID(id)] = customers[root] }
        for (root, customer) in customers { facts.customers[CustomerID(root)] = customer }
        if wantsProfiles {
            for (root, resting) in try reader.resting(members) {
                facts.restingMembers[CustomerID(root)] = resting
            }
        }
        facts.suppressions = try suppressions(Set(items.filter(\.wantsSuppressions).flatMap(\.addresses)))
        facts.dispatches = dispatches
        facts.conversations = conversations
        facts.openFollowUpIDs = try open(of: Set(items.compactMap(\.followUp?.number)))
        if !members.isEmpty {
            facts.openFollowUps = try OpenFollowUpReader(
                transaction: transaction, facts: facts, rootOf: rootOf, members: members
            ).followUps(of: items)
            if items.contains(where: \.isAnswer) { facts.recentCampaigns = try recentCampaigns(members) }
        }
        return facts
    }

    private func suppressions(_ addresses: Set<Address>) throws -> [Address: [Suppression]] {
        guard !addresses.isEmpty else { return [:] }
        return try SuppressionReader(transaction).suppressions(
            of: addresses, numbers: transaction.addressIDs(addresses.map(\.uri)), showingPseudonyms: true)
    }

    private func dispatches(_ references: Set<DispatchReference>) throws -> [DispatchReference: DispatchSummary] {
        guard !references.isEmpty else { return [:] }
        let names = ReceiptNames(transaction)
        var ids: [DispatchReference: Int64] = [:]
        for reference in references { ids[reference] = try names.find(reference) }
        let summaries = try DispatchSummaries(transaction).summaries(Set(ids.values))
        return ids.compactMapValues { summaries[$0] }
    }

    private func conversations(_ keys: Set<String>) throws -> [String: KnownConversation] {
        var conversations: [String: KnownConversation] = [:]
        for key in keys {
            let hash = Hash128(key)
            conversations[key] = try db.first(
                """
                SELECT k.conversation, i.customer
                FROM conversation_key k CROSS JOIN interaction i ON i.position = k.position
                WHERE k.high = ? AND k.low = ? ORDER BY k.position DESC LIMIT 1
                """, [hash.high, hash.low]
            ) { KnownConversation($0[0], customer: ($0[1] as Int64?).map { CustomerID($0) }) }
        }
        return conversations
    }

    private func open(of followUps: Set<Int64>) throws -> Set<FollowUpID> {
        guard !followUps.isEmpty else { return [] }
        return Set(
            try db.list(
                "SELECT id FROM follow_up WHERE id IN (SELECT value FROM json_each(?)) AND closed = 0",
                [Bound.list(followUps)]
            ) { FollowUpID($0[0]) })
    }

    private func recentCampaigns(_ members: [Int64: Int64]) throws -> [CustomerID: [CampaignContact]] {
        var contacts: [CustomerID: [CampaignContact]] = [:]
        try db.each(
            """
            SELECT d.customer, d.id, k.name, k.occurrence, d.channel, d.left_at
            FROM dispatch d INDEXED BY dispatch_by_customer CROSS JOIN campaign k ON k.id = d.campaign
            WHERE d.customer IN (SELECT value FROM json_each(?)) AND d.state >= 10 AND d.left_at >= ?
            ORDER BY d.left_at DESC, d.id DESC
            """, [Bound.list(members.keys), query.campaignsSince.milliseconds]
        ) { row in
            guard let root = members[row[0]] else { return }
            contacts[CustomerID(root), default: []].append(
                CampaignContact(
                    dispatch: DispatchID(row[1]), campaign: row[2], occurrence: occurrence(row[3]),
                    channel: try Channel(code: row[4]), at: row.instant(5)))
        }
        return contacts
    }
}
