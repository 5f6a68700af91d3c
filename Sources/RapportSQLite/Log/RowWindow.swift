/// Rows of the log that follow each other, and whose they are. Customer 0 stands for rows without one.
struct RowWindow {
    /// The row before the first.
    private(set) var floor: Int64
    /// For each row the one before it in its customer's chain, which may lie before the window.
    private var previous: [Int64] = []
    /// The last row of each customer.
    private var latest: [Int64: Int64] = [:]

    init(after floor: Int64) {
        self.floor = floor
    }

    var count: Int { previous.count }

    /// The last row.
    var end: Int64 { floor + Int64(count) }

    /// The row after the last.
    mutating func append(customer: Int64, previous: Int64) {
        self.previous.append(previous)
        latest[customer] = end
    }

    /// Rows that follow those of this window.
    mutating func append(_ next: RowWindow) {
        previous += next.previous
        latest.merge(next.latest) { _, later in later }
    }

    /// The customer's last row up to a row of the window; 0 when they have none. `nil`: not known here.
    func last(of customer: Int64, upTo position: Int64 = .max) -> Int64? {
        guard var last = latest[customer] else { return nil }
        while last > position, last > floor { last = previous[Int(last - floor) - 1] }
        return last
    }

    /// The last rows of all customers who have any after this one.
    func lasts(after position: Int64) -> [Int64: Int64] {
        latest.filter { $0.value > position }
    }

    /// Forgets the rows up to here.
    mutating func drop(upTo position: Int64) {
        guard position > floor else { return }
        let dropped = min(position, end)
        previous.removeFirst(Int(dropped - floor))
        floor = dropped
        latest = latest.filter { $0.value > dropped }
    }
}
