import Hummingbird
import RapportChannels
import RapportCore
import RapportHub
import RapportLog

/// `/v1/customers`: who they are, and what happened with them.
struct CustomerRoutes {
    /// Customers that a look-up by one address shows, the one with the latest contact first.
    private static let briefLimit = 5

    let services: HubServices
    let bodies: BodyReader

    func add(to api: RouterGroup<HubRequestContext>) {
        api.get("customers") { request, context in try await find(request, context: context) }
        api.post("customers") { request, context in try await create(request, context: context) }
        api.get("customers/:id") { request, context in try await show(request, context: context) }
        api.patch("customers/:id") { request, context in try await change(request, context: context) }
        api.get("customers/:id/timeline") { request, context in try await timeline(request, context: context) }
        api.get("customers/:id/brief") { request, context in try await brief(request, context: context) }
    }

    /// `?address=`: a caller's number or a sender's mailbox gives briefs. `?query=`: the beginning of a name or address.
    private func find(_ request: Request, context: HubRequestContext) async throws -> Response {
        _ = try context.caller(for: .read)
        let query = try QueryReader(request, known: ["address", "query", "limit"])
        if let written = try query.text("address") {
            // A plus that the caller did not encode arrives as a space.
            let number = written.first == " " ? "+" + written.dropFirst() : written
            let address = try Self.normalize(number, place: "query: address", services: services)
            let briefs = try await briefs(of: .holders(of: address, limit: Self.briefLimit))
            return Response(status: .ok, json: .fields([("customers", .array(briefs))]))
        }
        guard let prefix = try query.text("query", limit: 200) else {
            throw Problem.malformed("query", "expected address or query")
        }
        let limit = try query.limit(default: 20, maximum: 100)
        let found = try await services.store.search(prefix, limit: limit)
        return Response(status: .ok, json: .fields([("customers", .array(found.map(\.json)))]))
    }

    /// Completes the customer who has one of the addresses, or makes one: the same call again changes nothing more.
    private func create(_ request: Request, context: HubRequestContext) async throws -> Response {
        let caller = try context.caller(for: .write)
        let form = try await form(request, context: context)
        guard !form.addresses.isEmpty else {
            throw Problem.malformed("$.addresses", "expected at least one address")
        }
        let (id, isNew) = try await desk(caller).enter(form.entry, about: nil)
        return try await answer(id, status: isNew ? .created : .ok)
    }

    private func change(_ request: Request, context: HubRequestContext) async throws -> Response {
        let caller = try context.caller(for: .write)
        let form = try await form(request, context: context)
        let customer = try await customer(context)
        guard !customer.erased else { throw Problem(.conflict, "conflict", "the customer was erased") }
        let (id, _) = try await desk(caller).enter(form.entry, about: customer.id)
        return try await answer(id, status: .ok)
    }

    private func show(_ request: Request, context: HubRequestContext) async throws -> Response {
        _ = try context.caller(for: .read)
        _ = try QueryReader(request, known: [])
        return try await answer(try context.pathID(as: CustomerKind.self), status: .ok)
    }

    /// The latest first; `next` is the next page's `before`, and missing on the last page.
    private func timeline(_ request: Request, context: HubRequestContext) async throws -> Response {
        _ = try context.caller(for: .read)
        let query = try QueryReader(request, known: ["before", "limit"])
        let limit = try query.limit(default: 50, maximum: 200)
        let before = try query.id("before", as: InteractionIDKind.self)
        let id = try context.pathID(as: CustomerKind.self)
        // One row more than asked for tells whether there is another page.
        let rows = try await services.store.timeline(of: id, before: before, limit: limit + 1, including: [])
        if rows.isEmpty { _ = try await customer(context) }
        let page = rows.prefix(limit)
        return Response(
            status: .ok,
            json: .fields([
                ("interactions", .array(page.map(\.json))),
                ("next", rows.count > limit ? .text(page.last?.id) : nil),
            ]))
    }

    private func brief(_ request: Request, context: HubRequestContext) async throws -> Response {
        _ = try context.caller(for: .read)
        _ = try QueryReader(request, known: [])
        let id = try context.pathID(as: CustomerKind.self)
        guard let brief = try await briefs(of: .customer(id)).first else { throw Problem.notFound }
        return Response(status: .ok, json: brief)
    }

    private func briefs(of subject: CustomerOverview.Subject) async throws -> [JSONValue] {
        try await CustomerBrief.read(
            subject, store: services.store, preferences: services.preferences, now: services.clock()
        ).map(\.json)
    }

    private func form(_ request: Request, context: HubRequestContext) async throws -> CustomerForm {
        _ = try QueryReader(request, known: [])
        return try CustomerForm(
            try await bodies.json(request, context: context), normalizer: services.normalizer, region: services.region)
    }

    private func desk(_ caller: APIToken) -> CustomerDesk { services.customers(caller.adapter) }

    private func customer(_ context: HubRequestContext) async throws -> Customer {
        try await Self.customer(try context.pathID(as: CustomerKind.self), services: services)
    }

    private func answer(_ id: CustomerID, status: HTTPResponse.Status) async throws -> Response {
        guard let shown = try await services.store.shown([id])[id] else { throw Problem.notFound }
        return Response(status: status, json: shown.json)
    }

    static func customer(_ id: CustomerID, services: HubServices) async throws -> Customer {
        guard let customer = try await services.store.customers([id])[id] else { throw Problem.notFound }
        return customer
    }

    static func normalize(_ written: String, place: String, services: HubServices) throws -> Address {
        do throws(AddressError) {
            return try services.normalizer.normalize(RawAddress(guessing: written), region: services.region)
        } catch {
            throw Problem.malformed(place, error.reason)
        }
    }
}
