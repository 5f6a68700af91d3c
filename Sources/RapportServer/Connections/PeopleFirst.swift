import Hummingbird

/// Lets what a person waits for go ahead of what providers deliver (`HookHandler`).
///
/// Events come by the hundred, and whatever needs the same few threads for a moment (a look-up does several times) would
/// wait for all of them each time. A task of a higher priority waits for its like alone.
struct PeopleFirst<Responder: HTTPResponder>: HTTPResponder where Responder.Context == HubRequestContext {
    let responder: Responder

    @concurrent func respond(to request: Request, context: HubRequestContext) async throws -> Response {
        try await withThrowingTaskGroup { group in
            group.addTask(priority: .high) { [responder] in
                try await responder.respond(to: request, context: context)
            }
            guard let response = try await group.next() else { throw CancellationError() }
            return response
        }
    }
}
