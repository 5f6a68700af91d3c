import GRDB
import RapportCore
import RapportLog

extension Eraser {
    /// A follow-up in which somebody else has asked, too, goes on as if their row had opened it: with what that says, and
    /// nothing of what the customer said or was told. Whether it is open, when it is due and who answers it stays.
    func pass(_ followUp: Int64, to position: Int64) throws {
        guard var passed = try FollowUpReader(transaction).followUp(FollowUpID(followUp)),
            let row = try LogReader(transaction).rows(at: [position]).first, let other = row.customer
        else { return }
        passed.customer = other
        passed.summary = FollowUp.summary(subject: row.subject, text: row.text, after: row.kind)
        passed.resolution = nil
        let effect = Effect.followUpOpened(passed)
        try transaction.db.run("DELETE FROM follow_up WHERE id = ?", [followUp])
        try transaction.db.run(
            "UPDATE interaction SET effects = ? WHERE position = ?",
            [try EffectText.encode(row.effects + [effect]), position])
        try Projector(transaction, .live).apply(effect, of: row, ordinal: row.effects.count)
    }

    /// What was planned for those with whom the customer was one, to addresses that only the customer has: it stays
    /// theirs, under the pseudonyms of the addresses, which are nobody's, so that what has not left takes another route.
    ///
    /// - Returns: how many rows had such an address.
    func hideRoutes(of others: [Int64], to addresses: Set<String>) throws -> Int {
        guard !others.isEmpty, !addresses.isEmpty else { return 0 }
        let db = transaction.db
        let others = Bound.list(others)
        var hidden: [Int64] = []
        var changed = 0
        for (uri, id) in try transaction.addressIDs(addresses) {
            let pseudonym = try transaction.addressID(transaction.pseudonyms.uri(for: uri))
            hidden.append(pseudonym)
            // What is claimed is on its way to the address.
            if let address = Address(normalized: uri) {
                try TakeBack(transaction: transaction, isActive: true).dispatches(to: address)
            }
            changed += try db.change(
                """
                UPDATE dispatch INDEXED BY dispatch_by_address SET address = ?, detail = NULL
                WHERE address = ? AND customer IN (SELECT value FROM json_each(?))
                """, [pseudonym, id, others])
        }
        // What has ended there says nothing any more.
        try db.run(
            """
            UPDATE dispatch_content SET routes = '', variables = NULL, inline = NULL
            WHERE dispatch IN (
                SELECT id FROM dispatch INDEXED BY dispatch_by_address
                WHERE address IN (SELECT value FROM json_each(?)) AND waiting = 0 AND node IS NULL
                    AND customer IN (SELECT value FROM json_each(?)))
            """, [Bound.list(hidden), others])
        // A route has its address between tabs; most name none of these and are not decoded.
        let planned = try db.list(
            """
            SELECT t.dispatch, t.routes FROM dispatch d INDEXED BY dispatch_by_customer
                CROSS JOIN dispatch_content t ON t.dispatch = d.id
            WHERE d.customer IN (SELECT value FROM json_each(?)) AND EXISTS (
                SELECT 1 FROM json_each(?) a WHERE instr(t.routes, char(9) || a.value || char(9)) > 0)
            """, [others, Bound.list(addresses)]
        ) { (dispatch: $0[0] as Int64, routes: try ContentText.routes($0[1])) }
        for (dispatch, routes) in planned where routes.contains(where: { addresses.contains($0.address.uri) }) {
            try db.run(
                "UPDATE dispatch_content SET routes = ? WHERE dispatch = ?",
                [try ContentText.encode(routes.map { pseudonymous($0, where: addresses) }), dispatch])
        }
        return changed
    }

    private func pseudonymous(_ route: Route, where addresses: Set<String>) -> Route {
        guard addresses.contains(route.address.uri),
            let pseudonym = Address(normalized: transaction.pseudonyms.uri(for: route.address.uri))
        else { return route }
        return Route(channel: route.channel, adapter: route.adapter, address: pseudonym)
    }
}
