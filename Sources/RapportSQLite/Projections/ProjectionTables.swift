/// The projections as rows of key and text, the same for the live store and for one folded anew.
struct ProjectionTable {
    var name: String
    /// Puts the letter of the kind in front of a key.
    var prefix: String
    /// Columns: the key as a number, the rest of the key as text, the row as text; sorted by the first two.
    var select: @Sendable (_ schema: String) -> String

    static let all: [ProjectionTable] = [
        ProjectionTable(name: "customer", prefix: "c") { schema in
            """
            SELECT id, '', json_array(name, name_key, language, time_zone, household, owner, tags, attributes,
                quiet_from, quiet_to, paused_until, merged_into, root, erased)
            FROM \(schema).customer ORDER BY id
            """
        },
        ProjectionTable(name: "customer_address", prefix: "c") { schema in
            """
            SELECT t.customer, a.uri, json_array(t.deliverable, t.position, t.ordinal)
            FROM \(schema).customer_address t JOIN \(schema).address a ON a.id = t.address ORDER BY 1, 2
            """
        },
        ProjectionTable(name: "identity_conflict", prefix: "c") { schema in
            """
            SELECT customer, printf('%020d', other), json_array(position, told_apart, open)
            FROM \(schema).identity_conflict ORDER BY 1, 2
            """
        },
        ProjectionTable(name: "merger", prefix: "c") { schema in
            "SELECT customer, printf('%020d', position), json_array(other, undone) FROM \(schema).merger ORDER BY 1, 2"
        },
        ProjectionTable(name: "consent", prefix: "k") { schema in
            """
            SELECT t.position, printf('%06d', t.ordinal), json_array(t.customer, a.uri, t.topic, t.channel, t.state,
                t.at, t.confirmed_at, t.method, t.proof)
            FROM \(schema).consent t LEFT JOIN \(schema).address a ON a.id = t.address ORDER BY t.position, t.ordinal
            """
        },
        ProjectionTable(name: "suppression", prefix: "s") { schema in
            """
            SELECT t.position, printf('%06d', t.ordinal), json_array(a.uri, t.reason, t.at, t.until, t.lifted_by)
            FROM \(schema).suppression t JOIN \(schema).address a ON a.id = t.address ORDER BY t.position, t.ordinal
            """
        },
        ProjectionTable(name: "follow_up", prefix: "f") { schema in
            """
            SELECT id, '', json_array(customer, kind, closed, summary, owner, opened_at, due_at, closed_at,
                resolution, conversation)
            FROM \(schema).follow_up ORDER BY id
            """
        },
        ProjectionTable(name: "response", prefix: "c") { schema in
            "SELECT customer, campaign, json_array(position, at) FROM \(schema).response ORDER BY 1, 2"
        },
        ProjectionTable(name: "conversation_key", prefix: "") { schema in
            """
            SELECT high, printf('%020d/%020d', low, position), json_array(conversation)
            FROM \(schema).conversation_key ORDER BY 1, 2
            """
        },
    ]

    /// What receipts say of each dispatch, folded, and as the rows have it.
    ///
    /// A row that is final has the state that its evidence gives it. Two states need none: one that failed before it
    /// was ever handed off is the ledger's own decision, and one of which nothing is known claims nothing.
    static let evidence = ProjectionTable(name: "dispatch", prefix: "d") { schema in
        guard schema == "live" else {
            return "SELECT dispatch, '', json_array(state, state) FROM \(schema).evidence ORDER BY dispatch"
        }
        return """
            SELECT id, '', json_array(evidence, iif(state > 10, state, evidence)) FROM live.dispatch
            WHERE evidence IS NOT NULL OR state > 11 AND NOT (state = 13 AND attempts = 0) ORDER BY id
            """
    }
}
