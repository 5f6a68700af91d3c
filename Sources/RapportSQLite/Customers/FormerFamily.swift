import GRDB
import RapportCore

/// Those with whom customers were one until that was undone. What came in meanwhile stands in the rows of whoever stood
/// for all of them.
struct FormerFamily {
    /// That a customer was one with another at a time.
    private struct Link {
        let other: Int64
        let time: Range<Int64>
    }

    /// The others who are there.
    let members: [Int64]
    /// Those who are erased.
    let erased: [Int64]
    /// For each of them the rows of the times in which they were one, in order.
    let times: [Int64: [Range<Int64>]]

    /// Who was merged with one of the others counts only for the time in which they were one with the customers, too.
    init(_ transaction: Transaction, of family: [Int64]) throws {
        let family = Set(family)
        var times: [Int64: [Range<Int64>]] = [:]
        var links: [Int64: [Link]] = [:]
        // Each time is followed from each customer once, however many ways lead there.
        var new = Dictionary(uniqueKeysWithValues: family.map { ($0, [0..<Int64.max]) })
        while !new.isEmpty {
            var reached: [Int64: [Range<Int64>]] = [:]
            for (customer, ranges) in new {
                let known = try links[customer] ?? Self.links(transaction, of: customer)
                links[customer] = known
                Self.follow(known, in: ranges) { other, time in
                    if !family.contains(other) { reached[other, default: []].append(time) }
                }
            }
            new = [:]
            for (customer, ranges) in reached {
                let known = times[customer] ?? []
                let added = Self.parts(of: Self.joined(ranges), outside: known)
                guard !added.isEmpty else { continue }
                new[customer] = added
                times[customer] = Self.joined(known + added)
            }
        }
        let others = try transaction.db.list(
            "SELECT c.id, c.erased FROM json_each(?) k CROSS JOIN customer c ON c.id = k.value ORDER BY c.id",
            [Bound.list(times.keys)]
        ) { (id: $0[0] as Int64, isErased: $0[1] as Bool) }
        members = others.filter { !$0.isErased }.map(\.id)
        erased = others.filter(\.isErased).map(\.id)
        let present = Set(members)
        self.times = times.filter { present.contains($0.key) }
    }

    /// With whom a customer was one by a single merge, in order of the times.
    private static func links(_ transaction: Transaction, of customer: Int64) throws -> [Link] {
        try transaction.db.list(
            """
            SELECT other, position, ifnull(undone, \(Int64.max)) FROM merger
            WHERE customer = ?1 AND position < ifnull(undone, \(Int64.max))
            UNION ALL
            SELECT customer, position, ifnull(undone, \(Int64.max)) FROM merger INDEXED BY merger_by_other
            WHERE other = ?1 AND position < ifnull(undone, \(Int64.max))
            ORDER BY 2
            """, [customer]
        ) { row in
            let (since, upTo): (Int64, Int64) = (row[1], row[2])
            return Link(other: row[0], time: since..<upTo)
        }
    }

    /// Tells for each link which parts of the ranges lie in its time; both are in order.
    private static func follow(_ links: [Link], in ranges: [Range<Int64>], _ body: (Int64, Range<Int64>) -> Void) {
        var first = 0
        for link in links {
            while first < ranges.count, ranges[first].upperBound <= link.time.lowerBound { first += 1 }
            for range in ranges[first...] {
                guard range.lowerBound < link.time.upperBound else { break }
                body(link.other, range.clamped(to: link.time))
            }
        }
    }

    /// What of some ranges is in none of the known ones; both are in order and apart from each other.
    private static func parts(of ranges: [Range<Int64>], outside known: [Range<Int64>]) -> [Range<Int64>] {
        var parts: [Range<Int64>] = []
        var next = 0
        for range in ranges {
            var start = range.lowerBound
            while next < known.count, known[next].lowerBound < range.upperBound {
                if start < known[next].lowerBound { parts.append(start..<known[next].lowerBound) }
                start = max(start, known[next].upperBound)
                // What reaches beyond this range may reach into the one after it.
                guard known[next].upperBound <= range.upperBound else { break }
                next += 1
            }
            if start < range.upperBound { parts.append(start..<range.upperBound) }
        }
        return parts
    }

    private static func joined(_ ranges: [Range<Int64>]) -> [Range<Int64>] {
        RangeRows.joined(ranges.sorted { $0.lowerBound < $1.lowerBound })
    }

    /// Whether they were one with whoever has this row when it was written.
    func wasOne(at row: Interaction) -> Bool {
        guard let customer = row.customer, let times = times[customer.number] else { return false }
        return times.contains { $0.contains(row.id.number) }
    }
}
