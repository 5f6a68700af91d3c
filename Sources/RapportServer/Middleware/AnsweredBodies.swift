import Hummingbird

/// Gives the room of a request's body back when its answer is there: while the store stalls, those that have been read are
/// what fills the memory.
struct AnsweredBodies: RouterMiddleware {
    @concurrent func handle(
        _ request: Request, context: HubRequestContext,
        next: @concurrent (Request, HubRequestContext) async throws -> Response
    ) async throws -> Response {
        defer { context.body.giveBack() }
        return try await next(request, context)
    }
}
