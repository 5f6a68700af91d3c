import GRDB
import RapportCore
import RapportLog

/// Writes what came of dispatches.
struct ResultWriter {
    /// What rows that have left are settled with.
    private struct Fate: Hashable {
        var state: DispatchState
        var rule: String?
    }

    private struct Current {
        var state: DispatchState
        /// Whether it is this node's to settle.
        var isInHand: Bool
        var adapter: Int64
        /// The number of its campaign; 0: of none.
        var campaign: Int64
        var leftAt: Timestamp?
        /// Whether the customer was erased while the message was in hand: it has no routes and no words any more.
        var isErased: Bool
        /// Whether it goes to an erased customer's address, of which what the other side said may tell.
        var isHidden = false
    }

    /// What the other side said is kept this long.
    private static let longestDetail = 500

    let transaction: Transaction
    let node: Int64
    /// Rows that have left and are settled together, each with what was said of it.
    private var settling: [Fate: [(Int64, String?)]] = [:]
    /// What was written of rows that have left, for the rows of the log that say so, too.
    private(set) var settled: [Int64: DispatchState] = [:]
    private var departures = Departures()
    private var db: Database { transaction.db }
    private var rows: DispatchRows { DispatchRows(transaction) }

    /// - Parameter node: whose results these are.
    init(_ transaction: Transaction, node: Int64) {
        self.transaction = transaction
        self.node = node
    }

    mutating func write(_ results: [DispatchResult], at now: Timestamp) throws {
        var current = try current(results.map(\.id.number))
        var hidden = HiddenDispatches(transaction)
        try hidden.lookUp(current.keys)
        for id in hidden.there { current[id]?.isHidden = true }
        for result in results {
            guard let row = current[result.id.number] else {
                throw StoreError(.contract, "recording: there is no such dispatch")
            }
            if case .sent(_, let name?) = result.outcome {
                try ReceiptNames(transaction).name(result.id.number, name, adapter: row.adapter)
            }
            if row.isInHand {
                try write(result, row, at: now)
                current[result.id.number]?.isInHand = false
            } else if let evidence = result.outcome.evidence {
                try settle()
                try rows.joinResult(result.id.number, evidence)
            }
        }
        try settle()
        try departures.write(db, at: now)
    }

    private mutating func settle() throws {
        for (fate, details) in settling {
            try rows.settle(details, fate.state, rule: fate.rule)
            for (id, _) in details { settled[id] = fate.state }
        }
        settling = [:]
    }

    private mutating func write(_ result: DispatchResult, _ row: Current, at now: Timestamp) throws {
        let id = result.id.number
        let detail = row.isErased || row.isHidden ? nil : Self.shortened(result.detail)
        if row.state == .handedOff, result.outcome != .released, let left = row.leftAt {
            departures.count(campaign: row.campaign, at: left)
        }
        if row.isErased, result.outcome.waits {
            if let evidence = result.outcome.evidence { try rows.join([id: evidence]) }
            return try rows.cancel(id, rule: "erased", detail: nil)
        }
        switch result.outcome {
        case .sent(let state, _):
            guard state == .accepted || state == .delivered else {
                throw StoreError(.contract, "recording: sent is accepted or delivered")
            }
            settling[Fate(state: state), default: []].append((id, detail))
        case .failed(let rule): settling[Fate(state: .failed, rule: rule), default: []].append((id, detail))
        case .unknown: settling[Fate(state: .unknown), default: []].append((id, detail))
        case .retry(let at, let rule):
            // Handing off counted the attempt already.
            let attempts = row.state == .claimed ? 1 : 0
            try rows.wait(id, .deferred, until: at, rule: rule, detail: detail, attempts: attempts)
        case .repeat(let at, let rule):
            try rows.join([id: .unknown])
            try rows.wait(id, .deferred, until: at, rule: rule, detail: detail)
        case .fallBack(let route):
            if try rows.wait(id, .planned, until: now, rule: nil, detail: detail) {
                try rows.take(try self.route(route, of: id), route, id)
            }
        case .released:
            // Handing off counted an attempt that was not made.
            let attempts = row.state == .handedOff ? -1 : 0
            try rows.wait(id, .planned, until: nil, rule: nil, detail: nil, attempts: attempts)
        }
    }

    private static func shortened(_ detail: String) -> String {
        // To count characters takes longer than to count bytes, of which there are no fewer.
        detail.utf8.count <= longestDetail ? detail : String(detail.prefix(longestDetail))
    }

    private func route(_ index: Int, of id: Int64) throws -> Route {
        let routes = try db.first("SELECT routes FROM dispatch_content WHERE dispatch = ?", [id]) {
            try ContentText.routes($0[0])
        }
        guard let routes, routes.indices.contains(index) else {
            throw StoreError(.contract, "recording: there is no such route")
        }
        return routes[index]
    }

    private func current(_ ids: [Int64]) throws -> [Int64: Current] {
        var current: [Int64: Current] = [:]
        try db.each(
            """
            SELECT d.id, d.state, d.node IS ?, d.adapter, ifnull(d.campaign, 0), d.left_at, e.id IS NOT NULL FROM dispatch d
            LEFT JOIN customer e INDEXED BY customer_erased ON e.id = d.customer AND e.erased = 1
            WHERE d.id IN (SELECT value FROM json_each(?))
            """, [node, Bound.list(ids)]
        ) { row in
            current[row[0]] = Current(
                state: try DispatchState(code: row[1]), isInHand: row[2], adapter: row[3], campaign: row[4],
                leftAt: row.instant(ifAny: 5), isErased: row[6])
        }
        return current
    }
}

extension DispatchResult.Outcome {
    /// What a result says of what became of the message.
    fileprivate var evidence: DispatchState? {
        switch self {
        case .sent(let state, _): state
        case .failed: .failed
        case .unknown, .repeat: .unknown
        case .retry, .fallBack, .released: nil
        }
    }

    /// Whether the row waits again.
    fileprivate var waits: Bool {
        switch self {
        case .retry, .repeat, .fallBack, .released: true
        case .sent, .failed, .unknown: false
        }
    }
}
