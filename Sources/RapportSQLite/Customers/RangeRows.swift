import GRDB

/// Finds rows of some customers in some ranges of the log, by the shorter of two ways: through the ranges, where
/// everybody's rows are, or along the customers' chains, which begin with the rows of later times. Neither is known to be
/// short: an hour's range may lie before years of a customer's, and a year's range before three rows.
struct RangeRows {
    /// Rows that are looked at on one way before the other has its turn.
    private static let pageSize = 500

    private let transaction: Transaction
    /// For each customer, in order and apart from each other.
    private let times: [Int64: [Range<Int64>]]
    private var db: Database { transaction.db }

    init(_ transaction: Transaction, _ times: [Int64: [Range<Int64>]]) {
        self.transaction = transaction
        self.times = times
    }

    /// - Parameter ranges: in order of their beginnings.
    /// - Returns: the same numbers in ranges that neither meet nor overlap.
    static func joined(_ ranges: [Range<Int64>]) -> [Range<Int64>] {
        var joined: [Range<Int64>] = []
        for range in ranges {
            if let last = joined.last, range.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }

    /// The rows of the customers in their ranges, in no order.
    func positions() throws -> [Int64] {
        var ranges = Self.joined(times.values.joined().sorted { $0.lowerBound < $1.lowerBound })
        var chains = try self.chains()
        var (inRanges, onChains): ([Int64], [Int64]) = ([], [])
        while !ranges.isEmpty, !chains.isEmpty {
            try lookThrough(&ranges, &inRanges)
            try follow(&chains, &onChains)
        }
        return ranges.isEmpty ? inRanges : onChains
    }

    /// Where a customer's chain goes on, and where the first of their ranges begins.
    private struct Chain {
        var next: Int64
        let floor: Int64
        let times: [Range<Int64>]
    }

    private func chains() throws -> [Chain] {
        try times.compactMap { customer, times in
            guard let floor = times.first?.lowerBound,
                let last = try LastRows(transaction).positions(of: [customer]).first, last >= floor
            else { return nil }
            return Chain(next: last, floor: max(1, floor), times: times)
        }
    }

    private func lookThrough(_ ranges: inout [Range<Int64>], _ found: inout [Int64]) throws {
        guard let range = ranges.popLast() else { return }
        let middle = max(range.lowerBound, range.upperBound - Int64(Self.pageSize))
        try db.each(
            """
            SELECT position, customer FROM interaction
            WHERE position >= ? AND position < ? AND customer IN (SELECT value FROM json_each(?))
            """, [middle, range.upperBound, Bound.list(times.keys)]
        ) { row in
            let (position, customer): (Int64, Int64) = (row[0], row[1])
            if times[customer]?.contains(where: { $0.contains(position) }) == true { found.append(position) }
        }
        if middle > range.lowerBound { ranges.append(range.lowerBound..<middle) }
    }

    private func follow(_ chains: inout [Chain], _ found: inout [Int64]) throws {
        guard var chain = chains.popLast() else { return }
        var previous: Int64 = 0
        try db.each(
            """
            WITH RECURSIVE chain (position, previous) AS (
                SELECT position, previous FROM interaction WHERE position = ?
                UNION ALL
                SELECT i.position, i.previous FROM chain c CROSS JOIN interaction i ON i.position = c.previous
                WHERE c.previous >= ? LIMIT ?
            )
            SELECT position, previous FROM chain
            """, [chain.next, chain.floor, Self.pageSize]
        ) { row in
            let position: Int64 = row[0]
            previous = row[1]
            if chain.times.contains(where: { $0.contains(position) }) { found.append(position) }
        }
        chain.next = previous
        if chain.next >= chain.floor { chains.append(chain) }
    }
}
