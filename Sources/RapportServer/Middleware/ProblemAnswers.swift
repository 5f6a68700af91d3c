import HTTPTypes
import Hummingbird
import Logging
import RapportLog

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
            if let error = error as? StoreError {
                // Its text holds no values, and a store that fails is for a person to mend, whatever the client is told.
                context.logger.error("request failed", metadata: ["error": "\(error)"])
            } else if problem == nil {
                // The type alone: an unforeseen error's text may hold anything.
                context.logger.error("request failed", metadata: ["error": "\(type(of: error))"])
            }
            if problem?.closesConnection == true { context.closeSoon() }
            return (problem ?? Problem(.internalServerError, "internal")).response()
        }
    }
}
