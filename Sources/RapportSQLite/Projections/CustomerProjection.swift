import GRDB
import RapportCore

/// What effects change about who the customers are.
struct CustomerProjection {
    let transaction: Transaction
    private var db: Database { transaction.db }

    func create(_ id: Int64) throws {
        try db.run("INSERT INTO customer (id, root) VALUES (?1, ?1) ON CONFLICT DO NOTHING", [id])
    }

    func set(_ profile: Customer.Profile, of id: Int64) throws {
        try db.run(
            """
            UPDATE customer SET name = ?, name_key = ?, language = ?, time_zone = ?, household = ?, owner = ?, tags = ?,
                attributes = ?, quiet_from = ?, quiet_to = ?, paused_until = ?
            WHERE id = ? AND erased = 0
            """,
            [
                profile.name, profile.name?.lowercased(), profile.language, profile.timeZone, profile.household,
                profile.owner, profile.tags.isEmpty ? nil : FlatJSON.encode(profile.tags.sorted()),
                FlatJSON.encode(profile.attributes), profile.quietHours?.from, profile.quietHours?.to,
                profile.pausedUntil?.milliseconds, id,
            ])
    }

    /// Attaching an address again only changes the form to send to.
    func attach(_ address: Address, to id: Int64, _ source: EffectSource) throws {
        guard try !isErased(id) else { return }
        try db.run(
            """
            INSERT INTO customer_address (customer, address, deliverable, position, ordinal) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET deliverable = excluded.deliverable
            """,
            [
                id, try transaction.addressID(address.uri),
                address.deliverableURI == address.uri ? nil : address.deliverableURI, source.position, source.ordinal,
            ])
    }

    func detach(_ address: Address, from id: Int64) throws {
        try db.run(
            """
            DELETE FROM customer_address
            WHERE customer = ? AND address = (SELECT id FROM address WHERE uri = ?)
            """, [id, address.uri])
    }

    /// A merge that would make a circle changes nothing.
    func merge(_ from: Int64, into: Int64, _ source: EffectSource) throws {
        let roots = try transaction.roots([from, into])
        guard let root = roots[into], roots[from] != nil, try !tree(of: from).contains(into) else { return }
        try db.run("UPDATE customer SET merged_into = ? WHERE id = ?", [into, from])
        try mergers.begin(from, into, source)
        try setRoot(root, of: from)
    }

    func unmerge(_ from: Int64, from into: Int64, _ source: EffectSource) throws {
        let changed = try db.change(
            "UPDATE customer SET merged_into = NULL WHERE id = ? AND merged_into = ?", [from, into])
        guard changed > 0 else { return }
        try mergers.end(from, source)
        try setRoot(from, of: from)
    }

    /// What is left is the id, whose row says that it was erased.
    func erase(_ id: Int64) throws {
        try db.run(
            """
            UPDATE customer SET name = NULL, name_key = NULL, language = NULL, time_zone = NULL, household = NULL,
                owner = NULL, tags = NULL, attributes = NULL, quiet_from = NULL, quiet_to = NULL, paused_until = NULL,
                erased = 1
            WHERE id = ?
            """, [id])
        for table in ["customer_address", "consent", "follow_up", "response"] {
            try db.run("DELETE FROM \(table) WHERE customer = ?", [id])
        }
        try ConflictProjection(transaction: transaction).forget(id)
    }

    private var mergers: MergerProjection { MergerProjection(transaction: transaction) }

    private func isErased(_ id: Int64) throws -> Bool {
        try db.number("SELECT erased FROM customer WHERE id = ?", [id]) == 1
    }

    /// The customer and everybody merged into it, directly or not.
    private func tree(of id: Int64) throws -> [Int64] {
        try db.list(
            """
            WITH RECURSIVE tree (id) AS (
                SELECT ? UNION SELECT c.id FROM tree t CROSS JOIN customer c ON c.merged_into = t.id
            ) SELECT id FROM tree
            """, [id]
        ) { $0[0] }
    }

    private func setRoot(_ root: Int64, of id: Int64) throws {
        let members = Bound.list(try tree(of: id))
        try db.run("UPDATE customer SET root = ? WHERE id IN (SELECT value FROM json_each(?))", [root, members])
        try ConflictProjection(transaction: transaction).settle(members)
    }
}
