import Metrics
import Synchronization

/// Counters of one name, each looked up once and not with every message: their labels have to be written as text for that.
final class CounterFamily: Sendable {
    private let label: String
    private let dimensions: [String]
    private let metrics: any MetricsFactory
    private let counters = Mutex<[[String]: Counter]>([:])

    init(_ label: String, by dimensions: String..., metrics: any MetricsFactory) {
        self.label = label
        self.dimensions = dimensions
        self.metrics = metrics
    }

    /// - Parameter values: one for each dimension; few in all.
    func count(_ values: String...) {
        counter(values).increment()
    }

    private func counter(_ values: [String]) -> Counter {
        counters.withLock { counters in
            if let known = counters[values] { return known }
            let made = Counter(label: label, dimensions: Array(zip(dimensions, values)), factory: metrics)
            counters[values] = made
            return made
        }
    }
}
