import GRDB

/// What effects change about pairs of customers who may be one person.
struct ConflictProjection {
    let transaction: Transaction
    private var db: Database { transaction.db }

    /// A pair that was told apart stays so.
    func note(_ customer: Int64, with others: [Int64], _ source: EffectSource) throws {
        for other in others { try put(customer, other, isToldApart: false, source) }
    }

    /// Reaches what was noted of anybody who is part of one of the two.
    func tellApart(_ first: Int64, _ second: Int64, _ source: EffectSource) throws {
        try put(first, second, isToldApart: true, source)
        try db.run(
            """
            UPDATE identity_conflict SET told_apart = 1, open = 0, position = ?1
            WHERE open = 1 AND (
                customer IN (SELECT value FROM json_each(?2)) AND other IN (SELECT value FROM json_each(?3))
                OR customer IN (SELECT value FROM json_each(?3)) AND other IN (SELECT value FROM json_each(?2)))
            """, [source.position, try family(of: first), try family(of: second)])
    }

    /// Says anew whether the conflicts of these customers are open, after they became part of somebody or themselves again.
    ///
    /// - Parameter customers: as `Bound.list` writes them.
    func settle(_ customers: String) throws {
        try db.run(
            """
            UPDATE identity_conflict SET open = (told_apart = 0
                AND (SELECT root FROM customer WHERE id = identity_conflict.customer)
                    <> (SELECT root FROM customer WHERE id = identity_conflict.other))
            WHERE customer IN (SELECT value FROM json_each(?1)) OR other IN (SELECT value FROM json_each(?1))
            """, [customers])
    }

    /// Nobody can be taken for somebody who is erased.
    func forget(_ customer: Int64) throws {
        try db.run("DELETE FROM identity_conflict WHERE customer = ?1 OR other = ?1", [customer])
    }

    private func put(_ first: Int64, _ second: Int64, isToldApart: Bool, _ source: EffectSource) throws {
        guard first != second else { return }
        try db.run(
            """
            INSERT INTO identity_conflict (customer, other, position, told_apart, open)
            SELECT a.id, b.id, ?3, ?4, a.root <> b.root AND NOT ?4 FROM customer a CROSS JOIN customer b
            WHERE a.id = ?1 AND b.id = ?2 AND a.erased = 0 AND b.erased = 0
            ON CONFLICT DO UPDATE SET position = excluded.position, told_apart = max(told_apart, excluded.told_apart),
                open = (excluded.open AND NOT told_apart)
            """, [min(first, second), max(first, second), source.position, isToldApart])
    }

    private func family(of customer: Int64) throws -> String {
        let roots = try transaction.roots([customer])
        return Bound.list(try transaction.members(of: Array(roots.values)).keys)
    }
}
