import Hummingbird
import RapportChannels
import RapportCore
import RapportLog

/// `POST /v1/events`: one event, or an array of them, into the log.
struct EventRoutes {
    static let batchLimit = 500

    let services: HubServices
    let bodies: BodyReader

    func add(to api: RouterGroup<HubRequestContext>) {
        api.post("events") { request, context in try await post(request, context: context) }
    }

    /// An event about a customer whom nobody knows would be a row of nobody's, and an erased one gets no new text.
    private func checkCustomers(of events: [InboundEvent]) async throws {
        let named = Array(Set(events.compactMap(\.customer)))
        guard !named.isEmpty else { return }
        let known = try await services.store.customers(named)
        for id in named.sorted() {
            guard let customer = known[id] else { throw Problem.notFound("there is no customer \(id)") }
            if customer.erased { throw Problem(.conflict, "erased", "the customer \(id) was erased") }
        }
    }

    /// All of a batch is taken or none of it. 202 when something new was logged, 200 when all of it was there.
    private func post(_ request: Request, context: HubRequestContext) async throws -> Response {
        let caller = try context.caller(for: .write)
        _ = try QueryReader(request, known: [])
        let bytes = try await bodies.jsonBytes(request, context: context)
        let (body, ranges) = try JSONReader.read(bytes, itemsAt: .whole)
        var events: [InboundEvent] = []
        if case .array(let items) = body {
            guard (1...Self.batchLimit).contains(items.count) else {
                throw Problem.malformed("$", "expected 1 to \(Self.batchLimit) events")
            }
            for (index, item) in items.enumerated() {
                events.append(try EventForm.read(item, bytes: Array(bytes[ranges[index]]), place: "$[\(index)]"))
            }
        } else {
            events = [try EventForm.read(body, bytes: bytes, place: "$")]
        }
        try await checkCustomers(of: events)
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
