import RapportCore
import RapportLog
import RapportSQLite

/// The events of a trial as the log has them.
struct LoggedEvents: Sendable {
    /// Rows of each event, by its name.
    private(set) var rows: [String: Int] = [:]
    /// The customers that each person's events belong to.
    private(set) var customers: [String: Set<CustomerID>] = [:]
    private var end = InteractionID(0)

    /// Goes on where it was; what was read before stays, because a log only grows.
    mutating func read(_ store: SQLiteStore) async throws {
        while true {
            let page = try await store.interactions(after: end, limit: 1000)
            for row in page where row.direction == .inbound {
                rows[row.subject ?? "", default: 0] += 1
                if let from = row.from, let customer = row.customer { customers[from, default: []].insert(customer) }
            }
            guard let last = page.last else { return }
            end = last.id
        }
    }
}
