import GRDB
import RapportCore

/// What effects change about follow-ups, responses to campaigns and names of conversations.
struct CaseProjection {
    let transaction: Transaction
    private var db: Database { transaction.db }

    func open(_ followUp: FollowUp) throws {
        try db.run(
            """
            INSERT INTO follow_up (id, customer, kind, closed, summary, owner, opened_at, due_at, closed_at, resolution,
                conversation)
            SELECT ?, id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM customer WHERE id = ? AND erased = 0
            ON CONFLICT DO NOTHING
            """,
            [
                followUp.id.number, followUp.kind, followUp.state == .closed, followUp.summary, followUp.owner,
                followUp.openedAt.milliseconds, followUp.dueAt?.milliseconds, followUp.closedAt?.milliseconds,
                followUp.resolution, followUp.conversation, followUp.customer.number,
            ])
    }

    /// The first answer counts; closing again changes nothing.
    func close(_ id: Int64, at: Timestamp, _ resolution: String) throws {
        try db.run(
            "UPDATE follow_up SET closed = 1, closed_at = ?, resolution = ? WHERE id = ? AND closed = 0",
            [at.milliseconds, resolution, id])
    }

    func assign(_ id: Int64, to owner: String?) throws {
        try db.run("UPDATE follow_up SET owner = ? WHERE id = ?", [owner, id])
    }

    /// Keeps the latest response to each campaign. It is dated by the source's clock, unless that is ahead of ours.
    func respond(_ customer: Int64, to campaign: String, _ source: EffectSource) throws {
        try db.run(
            """
            INSERT INTO response (customer, campaign, position, at)
            SELECT id, ?, ?, ? FROM customer WHERE id = ? AND erased = 0
            ON CONFLICT DO UPDATE SET position = excluded.position, at = excluded.at
                WHERE (excluded.at, excluded.position) > (at, position)
            """,
            [campaign, source.position, min(source.occurredAt, source.recordedAt).milliseconds, customer])
    }

    func name(_ conversation: String, _ keys: [String], _ source: EffectSource) throws {
        for key in keys {
            let hash = Hash128(key)
            try db.run(
                """
                INSERT INTO conversation_key (high, low, position, conversation) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET conversation = excluded.conversation
                """, [hash.high, hash.low, source.position, conversation])
        }
    }
}
