import Hummingbird
import RapportChannels
import RapportCore
import RapportHub
import RapportLog

/// `/v1/suppressions`: addresses that must not be used.
struct SuppressionRoutes {
    let services: HubServices
    let bodies: BodyReader

    func add(to api: RouterGroup<HubRequestContext>) {
        api.get("suppressions") { request, context in try await list(request, context: context) }
        api.post("suppressions") { request, context in try await suppress(request, context: context) }
        api.post("suppressions/lift") { request, context in try await lift(request, context: context) }
    }

    /// Those in force, the latest first; `next` is the next page's `before`, and missing on the last page.
    private func list(_ request: Request, context: HubRequestContext) async throws -> Response {
        _ = try context.caller(for: .read)
        let query = try QueryReader(request, known: ["reason", "limit", "before"])
        let limit = try query.limit(default: 50, maximum: 500)
        let filter = SuppressionFilter(
            reason: try query.word("reason", among: Suppression.Reason.allCases), activeAt: services.clock())
        // One more than asked for tells whether there is another page.
        let rows = try await services.store.suppressions(filter, before: try before(query), limit: limit + 1)
        let page = rows.prefix(limit)
        return Response(
            status: .ok,
            json: .fields([
                ("suppressions", .array(page.map(\.json))),
                ("next", rows.count > limit ? .text(page.last?.id.text("s")) : nil),
            ]))
    }

    private func before(_ query: QueryReader) throws -> EntryID? {
        guard let text = try query.text("before", limit: 40) else { return nil }
        guard let id = EntryID(text, prefix: "s") else {
            throw Problem.malformed("query: before", "expected an id such as s42")
        }
        return id
    }

    /// 201 when something was written, 200 when the address is suppressed so already; both answer with what holds.
    private func suppress(_ request: Request, context: HubRequestContext) async throws -> Response {
        let (caller, fields) = try await form(request, context: context, known: ["address", "reason", "until"])
        let entry = SuppressionEntry(
            address: try address(fields),
            reason: try fields.word("reason", among: Suppression.Reason.allCases) ?? .manual,
            until: try fields.instant("until"))
        let added = try await desk(caller).add(entry)
        return Response(status: added.interaction == nil ? .ok : .created, json: added.suppression.json)
    }

    private func lift(_ request: Request, context: HubRequestContext) async throws -> Response {
        let (caller, fields) = try await form(request, context: context, known: ["address", "reason"])
        let address = try address(fields)
        guard let reason = try fields.word("reason", among: Suppression.Reason.allCases) else {
            throw fields.missing("reason")
        }
        let lifted = try await desk(caller).lift(reason, from: address)
        return Response(
            status: .ok,
            json: .fields([
                ("address", .string(address.deliverableURI)), ("reason", .string(reason.rawValue)),
                ("interaction", .text(lifted.interaction)),
                ("remaining", .array(lifted.remaining.map { .string($0.rawValue) })),
            ]))
    }

    private func form(
        _ request: Request, context: HubRequestContext, known: [String]
    ) async throws -> (APIToken, FieldReader) {
        let caller = try context.caller(for: .write)
        _ = try QueryReader(request, known: [])
        return (caller, try FieldReader(try await bodies.json(request, context: context), known: known))
    }

    private func address(_ fields: FieldReader) throws -> Address {
        try CustomerRoutes.normalize(
            try fields.requiredText("address", limit: 500), place: fields.place(of: "address"), services: services)
    }

    private func desk(_ caller: APIToken) -> SuppressionDesk {
        SuppressionDesk(
            store: services.store, clock: services.clock, adapter: caller.adapter, author: caller.adapter)
    }
}

extension Suppression {
    fileprivate var json: JSONValue {
        .fields([
            ("id", .string(id.text("s"))), ("address", .string(address.deliverableURI)),
            ("reason", .string(reason.rawValue)), ("at", .time(at)), ("until", .time(until)),
        ])
    }
}
