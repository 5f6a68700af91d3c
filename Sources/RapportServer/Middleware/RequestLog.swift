import Hummingbird
import Logging
import Metrics

/// One line and two measurements for each request: method, route, status, time. Never the path itself, a query, a
/// header or a body, because tokens, numbers and addresses stand in them.
struct RequestLog: RouterMiddleware {
    let metrics: PrometheusRegistry

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
        Counter(
            label: "rapport_http_requests_total",
            dimensions: [("method", method), ("route", route), ("status", "\(response.status.code)")],
            factory: metrics
        ).increment()
        Metrics.Timer(label: "rapport_http_request_seconds", dimensions: [("route", route)], factory: metrics)
            .recordNanoseconds(Int64(elapsed / .nanoseconds(1)))
        return response
    }

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]
}
