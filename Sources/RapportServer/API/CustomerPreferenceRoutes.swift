import Hummingbird
import RapportChannels
import RapportCore
import RapportHub
import RapportPolicy

/// `/v1/customers/{id}/preferences`: what a customer wants to hear, as read and as told by another system.
struct CustomerPreferenceRoutes {
    let services: HubServices
    let bodies: BodyReader

    func add(to api: RouterGroup<HubRequestContext>) {
        api.get("customers/:id/preferences") { request, context in
            _ = try context.caller(for: .read)
            _ = try QueryReader(request, known: [])
            return try await answer(try context.pathID(as: CustomerKind.self))
        }
        api.put("customers/:id/preferences") { request, context in try await put(request, context: context) }
    }

    /// Writes the named wishes; what isn't named stays. One row of the log, every wish a ledger entry with its proof.
    private func put(_ request: Request, context: HubRequestContext) async throws -> Response {
        let caller = try context.caller(for: .write)
        _ = try QueryReader(request, known: [])
        let form = try PreferenceChangeForm(
            try await bodies.json(request, context: context), topics: services.policy.current.topics.map(\.name))
        let id = try context.pathID(as: CustomerKind.self)
        guard let page = try await services.preferences.page(of: id) else { throw Problem.notFound }
        try form.check(addresses: try await CustomerRoutes.customer(page.customer, services: services).addresses)
        var proof = form.proof
        proof["author"] = caller.adapter
        try await services.preferences.apply(form.changes, of: page.customer, method: form.method, proof: proof)
        return try await answer(page.customer)
    }

    private func answer(_ id: CustomerID) async throws -> Response {
        guard let page = try await services.preferences.page(of: id) else { throw Problem.notFound }
        let topics = page.rows.map { row in
            let allowed = page.channels.map { JSONValue.Member($0.rawValue, .bool(row.allowed[$0] ?? false)) }
            return JSONValue.fields([
                ("topic", .string(row.topic)), ("title", .string(row.title)), ("allowed", .object(allowed)),
                ("unconfirmed", .array(page.channels.filter(row.unconfirmed.contains).map { .string($0.rawValue) })),
            ])
        }
        return Response(
            status: .ok,
            json: .fields([
                ("customer", .text(page.customer)), ("language", .text(page.language)),
                ("channels", .array(page.channels.map { .string($0.rawValue) })), ("topics", .array(topics)),
                ("pausedUntil", .time(page.pausedUntil)),
            ]))
    }
}
