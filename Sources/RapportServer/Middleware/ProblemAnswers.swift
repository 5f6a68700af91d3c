import HTTPTypes
import Hummingbird

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
            let problem = Problem.answering(error, retryAfterSeconds: retryAfterSeconds, logger: context.logger)
            if problem.closesConnection { context.closeSoon() }
            return problem.response()
        }
    }
}
