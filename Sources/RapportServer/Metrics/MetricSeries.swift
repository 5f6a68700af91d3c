import Metrics
import Synchronization

/// One counter, gauge or histogram.
final class MetricSeries: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    /// Upper bounds of a histogram's buckets: from a millisecond to a minute and a half for times, and wide enough for
    /// counts and sizes.
    static let bounds: [Double] = [
        0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 50, 100, 1_000, 10_000, 100_000, 1_000_000,
    ]

    private struct State {
        /// A counter's or gauge's value, a histogram's sum.
        var value = 0.0
        /// Per bucket, not added up; the last one is for what lies beyond every bound.
        var buckets: [UInt64] = []
    }

    private let kind: MetricFamily.Kind
    private let state: Mutex<State>

    init(kind: MetricFamily.Kind) {
        self.kind = kind
        let buckets = kind == .histogram ? [UInt64](repeating: 0, count: Self.bounds.count + 1) : []
        state = Mutex(State(buckets: buckets))
    }

    func increment(by amount: Int64) { state.withLock { $0.value += Double(amount) } }
    func increment(by amount: Double) { state.withLock { $0.value += amount } }
    func decrement(by amount: Double) { state.withLock { $0.value -= amount } }
    func reset() { state.withLock { $0.value = 0 } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { state.withLock { $0.value = value } }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        guard kind == .histogram else { return set(value) }
        let bucket = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        state.withLock { state in
            state.value += value
            state.buckets[bucket] += 1
        }
    }

    func lines(name: String, labels: String) -> String {
        let state = state.withLock { $0 }
        let braced = labels.isEmpty ? "" : "{\(labels)}"
        guard kind == .histogram else { return "\(name)\(braced) \(Self.number(state.value))\n" }
        let prefix = labels.isEmpty ? "" : labels + ","
        var lines = ""
        var total: UInt64 = 0
        for (index, count) in state.buckets.enumerated() {
            total += count
            let bound = index < Self.bounds.count ? Self.number(Self.bounds[index]) : "+Inf"
            lines += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)\n"
        }
        return lines + "\(name)_sum\(braced) \(Self.number(state.value))\n\(name)_count\(braced) \(total)\n"
    }

    /// Whole numbers without a fraction, as far as they are exact.
    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 9e15 ? "\(Int64(value))" : "\(value)"
    }
}
