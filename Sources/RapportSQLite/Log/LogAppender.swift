import Foundation
import GRDB
import RapportCore
import RapportLog

/// Appends rows to the log and applies their effects; one for each caller's part of a transaction.
///
/// What it gathers for a batch, such as the last row of each customer, is written by `finish()`.
struct LogAppender {
    /// The rows of one customer.
    private struct Chain {
        var last: Int64
        var isErased: Bool
        /// Whether this batch has appended to it.
        var isGrown = false
    }

    let transaction: Transaction
    private var nextPosition: Int64
    private var chains: [Int64: Chain] = [:]
    private var traffic = TrafficCounts()
    private let projector: Projector

    init(_ transaction: Transaction) throws {
        self.transaction = transaction
        nextPosition = try transaction.lastPosition() + 1
        projector = Projector(transaction, .live)
    }

    var firstFreePosition: Int64 { nextPosition }

    mutating func append(_ rows: [Interaction]) throws {
        try expect(rows)
        for row in rows { try append(row) }
    }

    /// Looks up the chains of the customers of rows that are to come, all with one statement.
    mutating func expect(_ rows: some Sequence<Interaction>) throws {
        let missing = Set(rows.lazy.map { $0.customer?.number ?? 0 }).filter { chains[$0] == nil }
        guard missing.count > 1 else { return }
        try transaction.db.each(
            """
            SELECT k.value, ifnull(t.last, 0), ifnull(c.erased, 0)
            FROM json_each(?) k LEFT JOIN timeline t ON t.customer = k.value LEFT JOIN customer c ON c.id = k.value
            """, [Bound.list(missing)]
        ) { chains[$0[0]] = Chain(last: $0[1], isErased: $0[2]) }
    }

    mutating func append(_ row: Interaction) throws {
        let position = row.id.number
        guard position == nextPosition else {
            throw StoreError(.contract, "appending: the next position is not the one that was given out")
        }
        nextPosition += 1
        let customer = row.customer?.number ?? 0
        let chain = try chain(of: customer)
        let row = chain.isErased ? try Redaction(transaction).row(row) : row
        let db = transaction.db
        try db.run(
            """
            INSERT INTO interaction (position, customer, previous, channel, adapter, direction, kind, occurred_at,
                recorded_at, sender, recipient, subject, body, attributes, source_id, campaign, occurrence, dispatch,
                conversation, in_reply_to, effects)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                position, row.customer?.number, chain.last, row.channel.code,
                try transaction.word(row.adapter), row.direction.code, try transaction.word(row.kind.rawValue),
                row.occurredAt.milliseconds, row.recordedAt.milliseconds, row.from, row.to, row.subject, row.text,
                FlatJSON.encode(row.attributes), row.sourceID, try transaction.word(ifAny: row.references.campaign),
                try transaction.word(ifAny: row.references.occurrence), row.references.dispatch?.number,
                row.references.conversation, row.references.inReplyTo?.number, try EffectText.encode(row.effects),
            ])
        chains[customer] = Chain(last: position, isErased: chain.isErased, isGrown: true)
        if let payload = row.payload { try keep(payload, of: row) }
        try traffic.count(row, transaction)
        for (ordinal, effect) in row.effects.enumerated() {
            try projector.apply(effect, of: row, ordinal: ordinal)
        }
    }

    func finish() throws {
        let grown = chains.filter { $0.value.isGrown }
        if !grown.isEmpty {
            try transaction.db.run(
                """
                INSERT INTO timeline SELECT CAST(key AS INTEGER), CAST(value AS INTEGER) FROM json_each(?) WHERE true
                ON CONFLICT (customer) DO UPDATE SET last = excluded.last
                """, [Bound.map(grown.map { ($0.key, String($0.value.last)) })])
        }
        try traffic.write(transaction)
    }

    private func chain(of customer: Int64) throws -> Chain {
        if let known = chains[customer] { return known }
        return try transaction.db.first(
            """
            SELECT ifnull((SELECT last FROM timeline WHERE customer = ?1), 0),
                ifnull((SELECT erased FROM customer WHERE id = ?1), 0)
            """, [customer]
        ) { Chain(last: $0[0], isErased: $0[1]) } ?? Chain(last: 0, isErased: false)
    }

    private func keep(_ payload: Interaction.Payload, of row: Interaction) throws {
        let compressed = Deflate.compress(payload.bytes)
        try transaction.db.run(
            "INSERT INTO payload (position, recorded_at, type, size, bytes) VALUES (?, ?, ?, ?, ?)",
            [
                row.id.number, row.recordedAt.milliseconds, payload.type,
                compressed == nil ? nil : Int64(payload.bytes.count), compressed ?? Data(payload.bytes),
            ])
    }
}
