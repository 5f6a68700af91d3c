import HTTPTypes
import HummingbirdTesting
import Metrics
import RapportChannels
import Testing

@testable import RapportServer

@Suite("Health and metrics")
struct HealthTests {
    @Test("a living process says so, whatever is missing")
    func alive() async throws {
        try await TestHub.run(missing: ["store: full"]) { _, client in
            let answer = try await client.send(.get, "/healthz")
            #expect(answer.status == .ok)
            #expect(try answer.json["status"]?.string == "alive")
        }
    }

    @Test("who asks with HEAD gets the same head", arguments: ["/healthz", "/readyz", "/metrics"])
    func head(path: String) async throws {
        try await TestHub.run { _, client in
            let answer = try await client.send(.head, path)
            #expect(answer.status == .ok && answer.text.isEmpty)
        }
    }

    @Test("the gauges are measured when somebody asks")
    func measured() async throws {
        try await TestHub.run { _, client in
            let answer = try await client.send(.get, "/metrics")
            #expect(answer.text.contains("test_measured 1\n"))
        }
    }

    @Test("readiness says what is missing")
    func ready() async throws {
        try await TestHub.run { _, client in
            let answer = try await client.send(.get, "/readyz")
            #expect(answer.status == .ok)
        }
        try await TestHub.run(missing: ["store: full", "adapter mail: no connection"]) { _, client in
            let answer = try await client.send(.get, "/readyz")
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.text.contains("adapter mail: no connection"))
        }
    }

    @Test("metrics are Prometheus text, and ask for a token when they are told to")
    func metrics() async throws {
        try await TestHub.run { _, client in
            _ = try await client.send(.get, "/healthz")
            let answer = try await client.send(.get, "/metrics")
            #expect(answer[header: "content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.text.contains("# TYPE rapport_http_requests_total counter\n"))
            #expect(
                answer.text.contains(
                    "rapport_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1\n"))
        }
        try await TestHub.run(change: { $0.metricsNeedToken = true }) { _, client in
            let answer = try await client.send(.get, "/metrics")
            #expect(answer.status == .unauthorized)
            #expect(try await client.send(.get, "/metrics", token: "till-token").status == .forbidden)
            #expect(try await client.send(.get, "/metrics", token: "read-token").status == .ok)
        }
    }

    @Test("a timer is a histogram in seconds")
    func histogram() {
        let registry = PrometheusRegistry()
        let timer = Metrics.Timer(label: "wait.time", dimensions: [("a", "x\"y\\\n")], factory: registry)
        timer.recordNanoseconds(2_000_000)
        timer.recordNanoseconds(7_000_000_000)
        let text = registry.text()
        #expect(text.hasPrefix("# TYPE wait_time histogram\n"))
        #expect(text.contains("wait_time_bucket{a=\"x\\\"y\\\\\\n\",le=\"0.001\"} 0\n"))
        #expect(text.contains("le=\"0.005\"} 1\n"))
        #expect(text.contains("le=\"10\"} 2\n"))
        #expect(text.contains("le=\"+Inf\"} 2\n"))
        #expect(text.contains("wait_time_sum{a=\"x\\\"y\\\\\\n\"} 7.002\n"))
        #expect(text.contains("wait_time_count{a=\"x\\\"y\\\\\\n\"} 2\n"))
    }

    @Test("labels without end end up in one series")
    func cardinality() {
        let registry = PrometheusRegistry(seriesLimit: 3)
        for number in 0..<50 { Counter(label: "c", dimensions: [("n", "\(number)")], factory: registry).increment() }
        #expect(registry.text().split(separator: "\n").count == 5)
        #expect(registry.text().contains("c{overflow=\"true\"} 47\n"))
    }

    @Test("gauges hold the last value and one name keeps its kind")
    func gauges() {
        let registry = PrometheusRegistry()
        Meter(label: "depth", factory: registry).set(7)
        Gauge(label: "depth", factory: registry).record(2.5)
        Counter(label: "depth", factory: registry).increment()
        #expect(registry.text() == "# TYPE depth gauge\ndepth 2.5\n")
    }
}
