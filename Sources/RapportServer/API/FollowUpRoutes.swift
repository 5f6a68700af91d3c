import Hummingbird
import RapportChannels
import RapportCore
import RapportHub
import RapportLog

/// `/v1/follow-ups`: what customers are waiting for.
struct FollowUpRoutes {
    let services: HubServices
    let bodies: BodyReader

    func add(to api: RouterGroup<HubRequestContext>) {
        api.get("follow-ups") { request, context in try await list(request, context: context) }
        api.post("follow-ups/:id/close") { request, context in try await close(request, context: context) }
        api.post("follow-ups/:id/assign") { request, context in try await assign(request, context: context) }
    }

    private func list(_ request: Request, context: HubRequestContext) async throws -> Response {
        _ = try context.caller(for: .read)
        let query = try QueryReader(request, known: ["state", "owner", "customer", "limit"])
        let filter = FollowUpFilter(
            state: try query.word("state", among: FollowUp.State.allCases),
            owner: try query.text("owner", limit: 200), customer: try query.id("customer", as: CustomerKind.self))
        let limit = try query.limit(default: 50, maximum: 500)
        let found = try await services.store.followUps(filter, limit: limit)
        let now = services.clock()
        return Response(status: .ok, json: .fields([("followUps", .array(found.map { $0.json(at: now) }))]))
    }

    private func close(_ request: Request, context: HubRequestContext) async throws -> Response {
        let (caller, fields) = try await form(request, context: context, known: ["resolution"])
        let id = try context.pathID(as: FollowUpKind.self)
        _ = try await services.customers(caller.adapter).close(
            id, resolution: try fields.requiredText("resolution", limit: 2000))
        return try await answer(id)
    }

    /// `{"owner": null}` takes it from whoever has it.
    private func assign(_ request: Request, context: HubRequestContext) async throws -> Response {
        let (caller, fields) = try await form(request, context: context, known: ["owner"])
        guard fields.has("owner") else { throw fields.missing("owner") }
        let id = try context.pathID(as: FollowUpKind.self)
        _ = try await services.customers(caller.adapter).assign(id, to: try fields.text("owner", limit: 200))
        return try await answer(id)
    }

    private func form(
        _ request: Request, context: HubRequestContext, known: [String]
    ) async throws -> (APIToken, FieldReader) {
        let caller = try context.caller(for: .write)
        _ = try QueryReader(request, known: [])
        return (caller, try FieldReader(try await bodies.json(request, context: context), known: known))
    }

    private func answer(_ id: FollowUpID) async throws -> Response {
        guard let found = try await services.store.followUp(id) else { throw Problem.notFound }
        return Response(status: .ok, json: found.json(at: services.clock()))
    }
}
