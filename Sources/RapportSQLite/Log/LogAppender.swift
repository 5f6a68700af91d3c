import Foundation
import GRDB
import RapportCore
import RapportLog

/// Appends rows to the log and applies their effects; one for each caller's part of a transaction.
///
/// What it gathers for a batch is written by `finish()`.
struct LogAppender {
    /// The rows of one customer.
    private struct Chain {
        var last: Int64
        var isErased: Bool
    }

    let transaction: Transaction
    private let firstPosition: Int64
    private var nextPosition: Int64
    private var chains: [Int64: Chain] = [:]
    private var traffic = TrafficCounts()
    private let insertion: Statement
    private let payloadInsertion: Statement
    private let projector: Projector
    private var hidden: HiddenDispatches

    init(_ transaction: Transaction) throws {
        self.transaction = transaction
        let last = try transaction.lastPosition()
        try transaction.recentRows.catchUp(transaction.db, to: last)
        firstPosition = last + 1
        nextPosition = firstPosition
        insertion = try transaction.db.cachedStatement(sql: Self.insertion)
        payloadInsertion = try transaction.db.cachedStatement(sql: Self.payloadInsertion)
        projector = Projector(transaction, .live)
        hidden = HiddenDispatches(transaction)
    }

    private static let insertion = """
        INSERT INTO interaction (position, customer, previous, channel, adapter, direction, kind, occurred_at,
            recorded_at, sender, recipient, subject, body, attributes, source_id, campaign, occurrence, dispatch,
            conversation, in_reply_to, effects)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    private static let payloadInsertion =
        "INSERT INTO payload (position, recorded_at, type, size, bytes) VALUES (?, ?, ?, ?, ?)"

    var firstFreePosition: Int64 { nextPosition }

    /// - Parameter settled: what this transaction has written of dispatches already: rows that say the same change nothing.
    mutating func append(_ rows: [Interaction], settled: [Int64: DispatchState] = [:]) throws {
        if rows.count > 1 { try expect(rows) }
        var advanced: [Int64: DispatchState] = [:]
        for row in rows { try append(row, &advanced) }
        try projector.advance(advanced.filter { settled[$0.key] != $0.value })
    }

    mutating func append(_ row: Interaction) throws {
        var advanced: [Int64: DispatchState] = [:]
        try append(row, &advanced)
        try projector.advance(advanced)
    }

    /// Empties a receipt that was appended before its message was known, if it tells of an erased customer.
    mutating func redact(parked receipt: Int64, of dispatch: Int64) throws {
        try hidden.empty(parked: receipt, of: dispatch)
    }

    /// Looks up the chains of the customers of rows that are to come, and their messages, all at once.
    ///
    /// - Parameter known: customers as this transaction sees them, by their own ids or those of others merged into them;
    ///   whether any others are erased is looked up.
    mutating func expect(_ rows: some Sequence<Interaction>, known: [CustomerID: Customer] = [:]) throws {
        try hidden.expect(rows)
        let missing = Set(rows.lazy.map { $0.customer?.number ?? 0 }).filter { chains[$0] == nil }
        guard missing.count > 1 else { return }
        for customer in missing {
            chains[customer] = Chain(last: transaction.recentRows.last(of: customer) ?? 0, isErased: false)
        }
        let written = missing.filter { chains[$0]?.last == 0 }
        try transaction.db.each(
            "SELECT customer, last FROM timeline WHERE customer IN (SELECT value FROM json_each(?))",
            [Bound.list(written)]
        ) { chains[$0[0]]?.last = $0[1] }
        var unknown: [Int64] = []
        for customer in missing where customer != 0 {
            let id = CustomerID(customer)
            if let known = known[id], known.id == id {
                chains[customer]?.isErased = known.erased
            } else {
                unknown.append(customer)
            }
        }
        guard !unknown.isEmpty else { return }
        try transaction.db.each(
            """
            SELECT id FROM customer INDEXED BY customer_erased
            WHERE id IN (SELECT value FROM json_each(?)) AND erased = 1
            """, [Bound.list(unknown)]
        ) { chains[$0[0]]?.isErased = true }
    }

    /// - Parameter advanced: gathers what the rows say of dispatches, because one statement for all of them takes half of
    ///   the time.
    private mutating func append(_ row: Interaction, _ advanced: inout [Int64: DispatchState]) throws {
        let position = row.id.number
        guard position == nextPosition else {
            throw StoreError(.contract, "appending: the next position is not the one that was given out")
        }
        nextPosition += 1
        let customer = row.customer?.number ?? 0
        let chain = try chain(of: customer)
        let row = try chain.isErased ? Redaction(transaction).row(row) : hidden.redacted(row)
        try insert(row, after: chain.last)
        chains[customer] = Chain(last: position, isErased: chain.isErased)
        transaction.recentRows.append(customer: customer, previous: chain.last)
        if let payload = row.payload { try keep(payload, of: row) }
        try traffic.count(row, transaction)
        for (ordinal, effect) in row.effects.enumerated() {
            if case .dispatchAdvanced(let id, let state) = effect {
                // What is said of one dispatch twice is said in order.
                if advanced[id.number] != nil {
                    try projector.advance(advanced)
                    advanced = [:]
                }
                advanced[id.number] = state
            } else {
                try projector.apply(effect, of: row, ordinal: ordinal)
            }
        }
    }

    private func insert(_ row: Interaction, after previous: Int64) throws {
        try transaction.db.run(insertion) { columns in
            columns.add(row.id.number)
            columns.add(row.customer?.number)
            columns.add(previous)
            columns.add(row.channel.code)
            columns.add(try transaction.word(row.adapter))
            columns.add(row.direction.code)
            columns.add(try transaction.word(row.kind.rawValue))
            columns.add(row.occurredAt.milliseconds)
            columns.add(row.recordedAt.milliseconds)
            columns.add(row.from)
            columns.add(row.to)
            columns.add(row.subject)
            columns.add(row.text)
            columns.add(FlatJSON.encode(row.attributes))
            columns.add(row.sourceID)
            columns.add(try transaction.word(ifAny: row.references.campaign))
            columns.add(try transaction.word(ifAny: row.references.occurrence))
            columns.add(row.references.dispatch?.number)
            columns.add(row.references.conversation)
            columns.add(row.references.inReplyTo?.number)
            columns.add(try EffectText.encode(row.effects))
        }
    }

    func finish() throws {
        try transaction.recentRows.settle(transaction.db, appended: Int(nextPosition - firstPosition))
        try traffic.write(transaction)
    }

    private func chain(of customer: Int64) throws -> Chain {
        if let known = chains[customer] { return known }
        let db = transaction.db
        let last =
            try transaction.recentRows.last(of: customer)
            ?? db.number("SELECT last FROM timeline WHERE customer = ?", [customer])
        return Chain(last: last, isErased: try db.number("SELECT erased FROM customer WHERE id = ?", [customer]) == 1)
    }

    private func keep(_ payload: Interaction.Payload, of row: Interaction) throws {
        let compressed = Deflate.compress(payload.bytes)
        try transaction.db.run(payloadInsertion) { columns in
            columns.add(row.id.number)
            columns.add(row.recordedAt.milliseconds)
            columns.add(payload.type)
            columns.add(compressed == nil ? nil : payload.bytes.count)
            columns.add(compressed ?? Data(payload.bytes))
        }
    }
}
