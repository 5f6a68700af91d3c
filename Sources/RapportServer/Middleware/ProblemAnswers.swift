import HTTPTypes
import Hummingbird

/// Turns every error into a problem document, so that no route needs to.
struct ProblemAnswers: RouterMiddleware {
    let settings: ServerSettings

    @concurrent func handle(
        _ request: Request, context: HubRequestContext,
        next: @concurrent (Request, HubRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem.answering(
                error, retryAfterSeconds: settings.retryAfterSeconds, logger: context.logger)
            if problem.closesConnection { context.close(after: settings.lingerSeconds) }
            return problem.response()
        }
    }
}
