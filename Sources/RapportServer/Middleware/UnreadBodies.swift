import HTTPTypes
import Hummingbird

/// Ends the connection of a client that announced a body which nobody wanted: the way to its next request would lead
/// through the rest of this one, however long that is and however slowly it comes.
struct UnreadBodies: RouterMiddleware {
    let lingerSeconds: Int

    @concurrent func handle(
        _ request: Request, context: HubRequestContext,
        next: @concurrent (Request, HubRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard !context.body.isRead, BodyReader.announcesBody(request) else { return response }
        response.headers[.connection] = "close"
        context.close(after: lingerSeconds)
        return response
    }
}
