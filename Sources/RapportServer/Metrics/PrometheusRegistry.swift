package import Metrics
import Synchronization

/// Keeps the numbers that swift-metrics reports and writes them as Prometheus text (exposition format 0.0.4).
///
/// Counters, gauges, and histograms with fixed bounds, which timers are in seconds. What grows is bounded: beyond
/// `seriesLimit` label sets of one name, the rest is counted together under `overflow="true"`.
package final class PrometheusRegistry: MetricsFactory {
    private let families = Mutex<[String: MetricFamily]>([:])
    private let seriesLimit: Int
    private static let familyLimit = 1000

    package init(seriesLimit: Int = 300) {
        self.seriesLimit = seriesLimit
    }

    /// Everything known, sorted by name and labels.
    package func text() -> String {
        let families = families.withLock { $0 }
        return families.sorted { $0.key < $1.key }.map { $1.text(name: $0) }.joined()
    }

    private func series(_ label: String, _ dimensions: [(String, String)], kind: MetricFamily.Kind) -> MetricSeries {
        let name = MetricName.clean(label)
        let labels = MetricName.labels(dimensions)
        return families.withLock { families in
            // One name has one kind; who reports it as another is not shown, as is the thousandth name.
            guard (families[name]?.kind ?? kind) == kind, families.count < Self.familyLimit || families[name] != nil
            else { return MetricSeries(kind: kind) }
            return families[name, default: MetricFamily(kind: kind)].series(labels, limit: seriesLimit)
        }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, kind: .counter)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, kind: .counter)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, kind: .gauge)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        series(label, dimensions, kind: aggregate ? .histogram : .gauge)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, kind: .histogram)
    }

    // A metric that goes away keeps its last value: Prometheus reads a counter that vanishes as a restart.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
