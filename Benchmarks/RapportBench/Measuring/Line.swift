/// One figure of a row: what was measured, beside what, and what it must reach.
struct Line: Codable, Sendable {
    /// What is asked of a figure.
    enum Target: Codable, Sendable, Equatable {
        /// Ours divided by raw.
        case ratio(Double)
        case atLeast(Double)
        case atMost(Double)
    }

    var row: String
    var what: String
    var unit: String
    /// The median of the raw limit's rounds; `nil` where there is none.
    var raw: Double?
    /// The median of our rounds; of a figure that is a bound on memory or time, the worst of them.
    var ours: Double
    var target: Target?

    init(
        _ row: String, _ what: String, unit: String, raw: Double? = nil, ours: Double, target: Target? = nil
    ) {
        (self.row, self.what, self.unit, self.raw, self.ours, self.target) = (row, what, unit, raw, ours, target)
    }

    /// Names the line in a baseline.
    var key: String { "\(row): \(what)" }

    var ratio: Double? {
        guard let raw, raw > 0 else { return nil }
        return ours / raw
    }

    /// `nil` when nothing is asked of it.
    var isReached: Bool? {
        switch target {
        case .ratio(let least): (ratio ?? 0) >= least
        case .atLeast(let least): ours >= least
        case .atMost(let most): ours <= most
        case nil: nil
        }
    }
}
