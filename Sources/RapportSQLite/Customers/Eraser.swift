import GRDB
import RapportCore
import RapportLog

/// Removes a customer's personal data and leaves what the log's order and the opt-out need. Rows of nobody are left to
/// `PendingErasures`.
struct Eraser {
    let transaction: Transaction
    private var db: Database { transaction.db }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// What may take long to find, so that it is looked for in a snapshot before the transaction that erases.
    func lookAhead(for customer: CustomerID) throws -> LaterRows? {
        let family = try transaction.family(of: customer)
        let scope = EraserScope(transaction, family)
        let addresses = try scope.addresses()
        return try MergedRows(
            transaction, of: family + scope.erasedBefore(at: addresses), addresses: addresses
        ).later
    }

    /// - Parameter ahead: what `lookAhead` found.
    /// - Returns: how many rows were emptied or removed, by table; nothing when the customer is unknown, or was erased
    ///   and nothing has come since.
    func erase(
        _ customer: CustomerID, at now: Timestamp, by author: String, ahead: LaterRows? = nil
    ) throws -> [(table: String, rows: Int)] {
        let family = try transaction.family(of: customer)
        guard let root = try transaction.roots([customer.number])[customer.number] else { return [] }
        let scope = EraserScope(transaction, family)
        let addresses = try scope.addresses()
        let merged = try MergedRows(
            transaction, of: family + scope.erasedBefore(at: addresses), addresses: addresses, ahead: ahead)
        var removed = try scope.counts()
        let scrubbed = try LogScrubber(transaction, family: Set(family), addresses: addresses, merged: merged)
            .scrub()
        removed["interaction"] = scrubbed.rows
        removed["payload"] = scrubbed.payloads
        removed["conversation_key"] = scrubbed.conversations
        removed["suppression"] = try removeSuppressions(of: addresses)
        removed["consent", default: 0] += try removeConsents(at: addresses, besides: family)
        removed["follow_up", default: 0] += try removeFollowUps(of: merged)
        removed["dispatch"] =
            try emptyDispatches(of: family, at: addresses) + hideRoutes(of: merged.others, to: addresses)
        try PendingErasures(transaction).begin(root, addresses)
        guard removed.contains(where: { $0.value > 0 }) else { return [] }
        try append(
            root, family.map { Effect.erased(CustomerID($0)) }, try scope.inheritedDenials(), addresses, at: now,
            by: author)
        try forget(addresses)
        return removed.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { (table: $0.key, rows: $0.value) }
    }

    /// The effects of this row empty the projections, here and whenever the log is folded again.
    private func append(
        _ root: Int64, _ erasures: [Effect], _ denials: [ConsentEntry], _ addresses: Set<String>, at now: Timestamp,
        by author: String
    ) throws {
        var log = try LogAppender(transaction)
        let position = log.firstFreePosition
        var effects = erasures
        for (ordinal, denial) in denials.enumerated() {
            var denial = denial
            denial.id = EntryID(position: position, ordinal: ordinal)
            effects.append(.consentRecorded(denial))
        }
        for (ordinal, uri) in addresses.sorted().enumerated() {
            guard let address = Address(normalized: transaction.pseudonyms.uri(for: uri)) else { continue }
            effects.append(
                .suppressed(
                    Suppression(
                        id: EntryID(position: position, ordinal: ordinal), address: address, reason: .manual, at: now)))
        }
        try log.append(
            Interaction(
                id: InteractionID(position), customer: CustomerID(root), channel: .desk, adapter: "hub",
                direction: .internal, kind: .customerErased, occurredAt: now, recordedAt: now,
                attributes: ["by": author], effects: effects))
        try log.finish()
    }

    private func removeSuppressions(of addresses: Set<String>) throws -> Int {
        try db.change(
            """
            DELETE FROM suppression
            WHERE address IN (SELECT id FROM address WHERE uri IN (SELECT value FROM json_each(?)))
            """, [Bound.list(addresses)])
    }

    /// Those of others, at addresses that nobody else has any more; those of the customer go with the row that says so.
    private func removeConsents(at addresses: Set<String>, besides family: [Int64]) throws -> Int {
        try db.change(
            """
            DELETE FROM consent
            WHERE address IN (SELECT id FROM address WHERE uri IN (SELECT value FROM json_each(?)))
                AND customer NOT IN (SELECT value FROM json_each(?))
            """, [Bound.list(addresses), Bound.list(family)])
    }

    /// What the customer waited for in the rows of others. That in which one of these has asked, too, stays theirs.
    private func removeFollowUps(of merged: MergedRows) throws -> Int {
        for (followUp, row) in merged.shared.sorted(by: { $0.key < $1.key }) { try pass(followUp, to: row) }
        let rest = merged.followUps.subtracting(merged.shared.keys)
        let removed = try db.change(
            "DELETE FROM follow_up WHERE id IN (SELECT value FROM json_each(?))", [Bound.list(rest)])
        return removed + merged.followUps.count - rest.count
    }

    /// What was planned for customers who are erased by now, by somebody who had read of them before.
    ///
    /// - Parameter addresses: of these plans.
    func emptyPlans(for customers: Set<Int64>, addresses: Set<String>) throws {
        _ = try emptyDispatches(of: Array(customers), at: addresses)
        try forget(addresses)
    }

    /// What has not left is cancelled; what has left stays counted, under the pseudonym of its address. Under the address
    /// itself where that is somebody else's, too, who must not get the same again; its pseudonym is given it when they are
    /// erased.
    private func emptyDispatches(of family: [Int64], at addresses: Set<String>) throws -> Int {
        let members = Bound.list(family)
        var changed = 0
        for (uri, id) in try transaction.addressIDs(addresses) where !Pseudonyms.isPseudonym(uri) {
            let isOthers = try db.number(
                """
                SELECT EXISTS (SELECT 1 FROM customer_address
                    WHERE address = ? AND customer NOT IN (SELECT value FROM json_each(?)))
                """, [id, members])
            guard isOthers == 0 else { continue }
            changed += try db.change(
                """
                UPDATE dispatch INDEXED BY dispatch_by_address SET address = ?, household = NULL, detail = NULL
                WHERE address = ? AND (customer IN (SELECT value FROM json_each(?))
                    OR EXISTS (SELECT 1 FROM customer c WHERE c.id = dispatch.customer AND c.erased = 1))
                """, [try transaction.addressID(transaction.pseudonyms.uri(for: uri)), id, members])
        }
        changed += try db.change(
            """
            UPDATE dispatch SET household = NULL, detail = NULL
            WHERE customer IN (SELECT value FROM json_each(?)) AND (household IS NOT NULL OR detail IS NOT NULL)
            """, [members])
        try db.run(
            """
            UPDATE dispatch_content SET routes = '', variables = NULL, inline = NULL
            WHERE dispatch IN (SELECT id FROM dispatch WHERE customer IN (SELECT value FROM json_each(?)))
            """, [members])
        try db.run(
            """
            UPDATE dispatch SET state = \(DispatchRows.ended(.cancelled)), waiting = 0, node = NULL, claimed_at = NULL,
                rule = 'erased'
            WHERE customer IN (SELECT value FROM json_each(?)) AND state < 3
            """, [members])
        return changed
    }

    /// Removes the address itself where no row needs it any more.
    private func forget(_ addresses: Set<String>) throws {
        for id in try transaction.addressIDs(addresses).values {
            let uses = try db.number(
                """
                SELECT EXISTS (SELECT 1 FROM customer_address WHERE address = ?1)
                    + EXISTS (SELECT 1 FROM consent WHERE address = ?1)
                    + EXISTS (SELECT 1 FROM suppression WHERE address = ?1)
                    + EXISTS (SELECT 1 FROM dispatch WHERE address = ?1)
                """, [id])
            if uses == 0 { try db.run("DELETE FROM address WHERE id = ?", [id]) }
        }
    }
}
