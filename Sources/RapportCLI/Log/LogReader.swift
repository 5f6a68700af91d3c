import RapportCore
import RapportLog

/// Reads the log from its end, from a position, or as it grows.
struct LogReader: Sendable {
    let store: any LogReading & CustomerStoring
    /// `nil`: everybody's.
    var customer: CustomerID?

    private static let pageSize = 500
    private static let pollMilliseconds = 300

    /// Rows in log order, and where to go on.
    struct Page: Sendable {
        var rows: [Interaction]
        var end: InteractionID
    }

    init(store: any LogReading & CustomerStoring, customer: CustomerID? = nil) {
        self.store = store
        self.customer = customer
    }

    /// The first rows after a position, or the last ones of the log.
    func page(after: InteractionID?, limit: Int) async throws -> Page {
        let last = InteractionID(try await store.lastPosition())
        if let customer {
            let rows = try await timeline(of: customer, after: after, upTo: last, limit: limit)
            let isCut = after != nil && rows.count == limit
            return Page(rows: rows, end: isCut ? rows.last?.id ?? last : last)
        }
        let start = after ?? InteractionID(max(0, last.number - Int64(limit)))
        var page = Page(rows: [], end: start)
        while page.rows.count < limit {
            let rows = try await store.interactions(
                after: page.end, limit: min(Self.pageSize, limit - page.rows.count))
            guard let end = rows.last?.id else { break }
            page.rows += rows
            page.end = end
        }
        return page
    }

    /// Timelines are read backwards; of what lies after the position the oldest are kept, otherwise the newest.
    private func timeline(
        of customer: CustomerID, after: InteractionID?, upTo last: InteractionID, limit: Int
    ) async throws -> [Interaction] {
        var newestFirst: [Interaction] = []
        var cursor: InteractionID? = InteractionID(last.number + 1)
        while true {
            let page = try await store.timeline(of: customer, before: cursor, limit: Self.pageSize, including: [])
            newestFirst += page.prefix { row in after.map { row.id > $0 } ?? true }
            if after == nil, newestFirst.count >= limit {
                newestFirst.removeLast(newestFirst.count - limit)
                break
            }
            newestFirst.removeFirst(max(0, newestFirst.count - limit))
            guard page.count == Self.pageSize, let end = page.last?.id, after.map({ end > $0 }) ?? true else { break }
            cursor = end
        }
        return newestFirst.reversed()
    }

    /// Looks again and again for what came after a position, until it is cancelled.
    func follow(from start: InteractionID, _ body: ([Interaction]) -> Void) async throws {
        var position = start
        while true {
            let rows = try await store.interactions(after: position, limit: Self.pageSize)
            if let end = rows.last?.id {
                position = end
                body(try await ofCustomer(rows))
            }
            // A full page means that there is more already.
            if rows.count < Self.pageSize { try await Task.sleep(for: .milliseconds(Self.pollMilliseconds)) }
        }
    }

    /// Asked anew for each page: a merge may have joined customers in the meantime.
    private func ofCustomer(_ rows: [Interaction]) async throws -> [Interaction] {
        guard let customer else { return rows }
        let aliases = Set(try await store.aliases(of: customer))
        return rows.filter { $0.customer.map(aliases.contains) ?? false }
    }
}
