import Hummingbird
import RapportChannels

/// `POST /v1/events`: one event, or an array of them, into the log.
struct EventRoutes {
    static let batchLimit = 500

    let services: HubServices
    let bodies: BodyReader

    func add(to api: RouterGroup<HubRequestContext>) {
        api.post("events") { request, context in try await post(request, context: context) }
    }

    /// All of a batch is taken or none of it. 202 when something new was logged, 200 when all of it was there.
    private func post(_ request: Request, context: HubRequestContext) async throws -> Response {
        let caller = try context.caller(for: .write)
        _ = try QueryReader(request, known: [])
        let body = try await bodies.json(request, context: context)
        var events: [InboundEvent] = []
        if case .array(let items) = body {
            guard (1...Self.batchLimit).contains(items.count) else {
                throw Problem.malformed("$", "expected 1 to \(Self.batchLimit) events")
            }
            for (index, item) in items.enumerated() { events.append(try EventForm.read(item, place: "$[\(index)]")) }
        } else {
            events = [try EventForm.read(body, place: "$")]
        }
        let committed = try await services.sink.submit(events, adapter: caller.adapter, region: nil)
        let results = committed.map { event in
            JSONValue.fields([
                ("interaction", .text(event.interaction)), ("customer", .text(event.customer)),
                ("repetition", .bool(event.isRepetition)),
            ])
        }
        return Response(
            status: committed.allSatisfy(\.isRepetition) ? .ok : .accepted,
            json: .object([JSONValue.Member("events", .array(results))]))
    }
}
