import GRDB
import RapportCore

/// What effects change about what customers have said and about addresses that must not be used.
struct PreferenceProjection {
    let transaction: Transaction
    private var db: Database { transaction.db }

    func record(_ entry: ConsentEntry) throws {
        try db.run(
            """
            INSERT INTO consent (position, ordinal, customer, address, topic, channel, state, at, confirmed_at, method,
                proof)
            SELECT ?, ?, id, ?, ?, ?, ?, ?, ?, ?, ? FROM customer WHERE id = ? AND erased = 0
            ON CONFLICT DO NOTHING
            """,
            [
                entry.id.position, entry.id.ordinal, try transaction.addressID(ifAny: entry.address), entry.topic,
                entry.channel?.code, entry.state.code, entry.at.milliseconds, entry.confirmedAt?.milliseconds,
                entry.method, FlatJSON.encode(entry.proof), entry.customer.number,
            ])
    }

    func suppress(_ suppression: Suppression) throws {
        try db.run(
            """
            INSERT INTO suppression (position, ordinal, address, reason, at, until) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            [
                suppression.id.position, suppression.id.ordinal, try transaction.addressID(suppression.address.uri),
                suppression.reason.rawValue, suppression.at.milliseconds, suppression.until?.milliseconds,
            ])
    }

    /// Ends what is in force; what stands for an erased customer's address can't be lifted.
    func lift(_ reason: Suppression.Reason, from address: Address, _ source: EffectSource) throws {
        guard !Pseudonyms.isPseudonym(address.uri) else { return }
        try db.run(
            """
            UPDATE suppression SET until = ?1, lifted_by = ?2
            WHERE address = (SELECT id FROM address WHERE uri = ?3) AND reason = ?4
                AND (until IS NULL OR until > ?1) AND position <= ?2
            """, [source.recordedAt.milliseconds, source.position, address.uri, reason.rawValue])
    }
}
