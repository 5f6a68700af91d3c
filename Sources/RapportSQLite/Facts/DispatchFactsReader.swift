import GRDB
import RapportCore
import RapportLog

/// Reads the dispatches that count, of many customers, addresses and households at a time.
struct DispatchFactsReader {
    struct Found {
        var id: Int64
        var root: Int64
        var addressID: Int64
        var fact: ContactFacts.Dispatch
    }

    /// Which of the dispatches that count are looked at.
    struct Wanted {
        var lookback: Lookback
        /// What is the same as one of the requests.
        var campaigns: Set<Int64> = []
        var contents: Set<String> = []
        var offers: Set<String> = []

        static let nothing = Wanted(lookback: .nothing)
    }

    /// A row as it is stored.
    private struct Stored {
        var id: Int64
        var customer: Int64
        var address: Int64
        var household: String?
        var channel: Channel
        var messageClass: MessageClass
        var topic: String
        var campaign: Int64?
        var offer: String?
        var content: String?
        var state: DispatchState
        var at: Timestamp
    }

    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Each dispatch once, by id.
    func dispatches(
        ofCustomers customers: some Collection<Int64>, addresses: some Collection<Int64>,
        households: some Collection<String>, wanted: Wanted, known: inout Known
    ) throws -> [Found] {
        var rows = try rows(
            [("customer", Bound.list(customers)), ("address", Bound.list(addresses))], wanted.lookback.own, wanted)
        let more = try self.rows([("household", Bound.list(households))], wanted.lookback.household, wanted)
        if !more.isEmpty { rows = merged(rows, more) }
        try known.learn(customers: rows.lazy.map(\.customer))
        try known.learn(addresses: rows.lazy.map(\.address))
        try known.learn(campaigns: rows.lazy.compactMap(\.campaign))
        return try rows.map { try found($0, known) }
    }

    /// The indexes give ids alone; a row that several of them name is read once. One that waits to be repeated counts as
    /// what is known of the attempt before.
    private func rows(
        _ keys: [(column: String, values: String)], _ window: Lookback.Window, _ wanted: Wanted
    ) throws -> [Stored] {
        let keys = keys.filter { $0.values.utf8.count > 2 }
        let (matters, arguments) = condition(window, wanted)
        guard !keys.isEmpty, !arguments.isEmpty else { return [] }
        let ids = keys.map { column, _ in
            "SELECT id FROM dispatch INDEXED BY dispatch_by_\(column) WHERE \(column) IN (SELECT value FROM json_each(?))"
        }
        return try transaction.db.list(
            """
            SELECT id, customer, address, household, channel, class, topic, campaign, offer, content,
                iif(waiting = 1, evidence, state), ifnull(claimed_at, left_at)
            FROM dispatch
            WHERE id IN (\(ids.joined(separator: " UNION ALL ")))
                AND (state IN (\(DispatchRows.counting)) OR waiting = 1 AND \(DispatchRows.mayHaveArrived))
                AND (\(matters))
            ORDER BY id
            """, keys.map(\.values) + arguments, stored)
    }

    /// What makes a row matter, with what is bound in it; nothing is bound where none does.
    private func condition(_ window: Lookback.Window, _ wanted: Wanted) -> (String, [any Bindable]) {
        var terms: [String] = []
        var arguments: [any Bindable] = []
        if let after = window.after {
            terms.append("ifnull(claimed_at, left_at) > ?")
            arguments.append(after.milliseconds)
        }
        func same(_ column: String, _ values: String) {
            guard window.includesSame, values.utf8.count > 2 else { return }
            terms.append("\(column) IN (SELECT value FROM json_each(?))")
            arguments.append(values)
        }
        same("campaign", Bound.list(wanted.campaigns))
        same("content", Bound.list(wanted.contents))
        same("offer", Bound.list(wanted.offers))
        return (terms.joined(separator: " OR "), arguments)
    }

    /// Each once, in order.
    private func merged(_ rows: [Stored], _ others: [Stored]) -> [Stored] {
        let known = Set(rows.lazy.map(\.id))
        return (rows + others.lazy.filter { !known.contains($0.id) }).sorted { $0.id < $1.id }
    }

    private func stored(_ row: Row) throws -> Stored {
        Stored(
            id: row[0], customer: row[1], address: row[2], household: row[3], channel: try Channel(code: row[4]),
            messageClass: try MessageClass(code: row[5]), topic: try transaction.text(row[6]), campaign: row[7],
            offer: row[8], content: row[9], state: try DispatchState(code: row[10]), at: row.instant(11))
    }

    private func found(_ row: Stored, _ known: Known) throws -> Found {
        let root = try known.root(of: row.customer)
        let campaign = try row.campaign.map(known.campaign)
        return Found(
            id: row.id, root: root, addressID: row.address,
            fact: ContactFacts.Dispatch(
                id: DispatchID(row.id).description, customer: CustomerID(root).description,
                address: try known.address(row.address), household: row.household, channel: row.channel,
                messageClass: row.messageClass, topic: row.topic, campaign: campaign?.name,
                occurrence: campaign?.occurrence, offer: row.offer, content: row.content, state: row.state, at: row.at))
    }
}

/// A campaign's occurrence as the model has it; the table has an empty text for none, because `UNIQUE` needs a value.
func occurrence(_ column: String?) -> String? {
    column.flatMap { $0.isEmpty ? nil : $0 }
}
