/// All series of one name.
struct MetricFamily: Sendable {
    enum Kind: String, Sendable { case counter, gauge, histogram }

    let kind: Kind
    /// By their labels as text.
    private var series: [String: MetricSeries] = [:]

    init(kind: Kind) {
        self.kind = kind
    }

    mutating func series(_ labels: String, limit: Int) -> MetricSeries {
        if let known = series[labels] { return known }
        let labels = series.count < limit ? labels : "overflow=\"true\""
        if let known = series[labels] { return known }
        let made = MetricSeries(kind: kind)
        series[labels] = made
        return made
    }

    func text(name: String) -> String {
        let lines = series.sorted { $0.key < $1.key }.map { $1.lines(name: name, labels: $0) }.joined()
        return "# TYPE \(name) \(kind.rawValue)\n" + lines
    }
}
