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
        record(
            method: request.method.rawValue, route: context.endpointPath ?? "NotFound", status: response.status.code,
            elapsed: ContinuousClock.now - start, logger: context.logger)
        return response
    }

    /// - Parameter route: the path with names in place of what differs from request to request.
    func record(method: String, route: String, status: Int, elapsed: Duration, logger: Logger) {
        let method = Self.methods.contains(method) ? method : "OTHER"
        let isQuiet = status < 400 || route == "/readyz"
        logger.log(
            level: isQuiet ? .debug : status < 500 ? .info : .warning, "request",
            metadata: [
                "method": "\(method)", "route": "\(route)", "status": "\(status)",
                "milliseconds": "\(elapsed / .milliseconds(1))",
            ])
        let meters = meters(Outcome(method: method, route: route, status: status))
        meters.count.increment()
        meters.time.recordNanoseconds(Int64(elapsed / .nanoseconds(1)))
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

    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
}
