import GRDB

/// What effects say of who was part of whom, and from which row to which. It outlives the merge, as the rows of that
/// time do.
struct MergerProjection {
    let transaction: Transaction
    private var db: Database { transaction.db }

    /// Whoever was part of another is so no more; what is told twice began with the first.
    func begin(_ customer: Int64, _ other: Int64, _ source: EffectSource) throws {
        try db.run(
            "UPDATE merger SET undone = ?1 WHERE customer = ?2 AND other <> ?3 AND undone IS NULL",
            [source.position, customer, other])
        try db.run(
            """
            INSERT INTO merger (customer, other, position)
            SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM merger WHERE customer = ?1 AND undone IS NULL)
            ON CONFLICT DO NOTHING
            """, [customer, other, source.position])
    }

    func end(_ customer: Int64, _ source: EffectSource) throws {
        try db.run("UPDATE merger SET undone = ? WHERE customer = ? AND undone IS NULL", [source.position, customer])
    }
}
