import HTTPTypes
import Hummingbird
import Logging

/// Turns every error into a problem document, so that no route needs to.
struct ProblemAnswers: RouterMiddleware {
    let retryAfterSeconds: Int

    @concurrent func handle(
        _ request: Request, context: HubRequestContext,
        next: @concurrent (Request, HubRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem.of(error, retryAfterSeconds: retryAfterSeconds)
            if problem == nil {
                // The type alone: an unforeseen error's text may hold anything.
                context.logger.error("request failed", metadata: ["error": "\(type(of: error))"])
            }
            if problem?.closesConnection == true { context.closeSoon() }
            return (problem ?? Problem(.internalServerError, "internal")).response()
        }
    }
}
