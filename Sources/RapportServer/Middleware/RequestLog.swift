import Hummingbird
import Logging
import Metrics
import Synchronization

/// One line and two measurements for each request: method, route, status, time. Never the path itself, a query, a
/// header or a body, because tokens, numbers and addresses stand in them.
final class RequestLog: RouterMiddleware {
    /// There are few of these: methods and routes are ours, and so are the statuses.
    private struct Outcome: Hashable {
        var method: String
        var route: String
        var status: Int
    }

    private struct Meters {
        var count: Counter
        var time: Metrics.Timer
    }

    private let metrics: PrometheusRegistry
    /// Finding a metric by its labels costs more than counting.
    private let known = Mutex<[Outcome: Meters]>([:])

    init(metrics: PrometheusRegistry) {
        self.metrics = metrics
    }

    @concurrent func handle(
        _ request: Request, context: HubRequestContext,
        next: @concurrent (Request, HubRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let elapsed = ContinuousClock.now - start
        let route = context.endpointPath ?? "NotFound"
        let method = Self.methods.contains(request.method) ? request.method.rawValue : "OTHER"
        let isQuiet = response.status.code < 400 || route == "/readyz"
        context.logger.log(
            level: isQuiet ? .debug : response.status.code < 500 ? .info : .warning, "request",
            metadata: [
                "method": "\(method)", "route": "\(route)", "status": "\(response.status.code)",
                "milliseconds": "\(elapsed / .milliseconds(1))",
            ])
        let meters = meters(Outcome(method: method, route: route, status: response.status.code))
        meters.count.increment()
        meters.time.recordNanoseconds(Int64(elapsed / .nanoseconds(1)))
        return response
    }

    private func meters(_ outcome: Outcome) -> Meters {
        if let meters = known.withLock({ $0[outcome] }) { return meters }
        let meters = Meters(
            count: Counter(
                label: "rapport_http_requests_total",
                dimensions: [
                    ("method", outcome.method), ("route", outcome.route), ("status", "\(outcome.status)"),
                ], factory: metrics),
            time: Metrics.Timer(
                label: "rapport_http_request_seconds", dimensions: [("route", outcome.route)], factory: metrics))
        known.withLock { $0[outcome] = meters }
        return meters
    }

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]
}
