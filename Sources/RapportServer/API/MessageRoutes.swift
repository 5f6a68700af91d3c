import HTTPTypes
import Hummingbird
import RapportChannels
import RapportCore
import RapportHub
import RapportLog
import RapportPolicy
import RapportYAML

/// `/v1/messages`: single messages, each with a verdict of its own like any other.
struct MessageRoutes {
    let services: HubServices
    let bodies: BodyReader

    func add(to api: RouterGroup<HubRequestContext>) {
        api.post("messages") { request, context in try await post(request, context: context) }
        api.get("messages/:id") { request, context in
            _ = try context.caller(for: .read)
            _ = try QueryReader(request, known: [])
            guard let row = try await services.store.dispatch(try context.pathID(as: DispatchKind.self)) else {
                throw Problem.notFound
            }
            return Response(status: .ok, json: row.json)
        }
    }

    /// 202: the message is planned. What becomes of it stands under `/v1/messages/{dispatch}`.
    private func post(_ request: Request, context: HubRequestContext) async throws -> Response {
        let caller = try context.caller(for: .send)
        _ = try QueryReader(request, known: [])
        guard let key = try Idempotency.key(of: request) else {
            let (status, body) = try await send(
                try await bodies.json(request, context: context), caller: caller, key: nil)
            return Response(status: status, json: body)
        }
        let body = try await bodies.json(request, context: context)
        let scoped = "\(caller.adapter):\(key)"
        return try await Idempotency(store: services.store, clock: services.clock).once(
            scoped, body: Array(body.text.utf8)
        ) { try await send(body, caller: caller, key: scoped) }
    }

    private func send(
        _ body: JSONValue, caller: APIToken, key: String?
    ) async throws -> (status: HTTPResponse.Status, body: JSONValue) {
        let form = try MessageForm(body, author: caller.adapter)
        let digest = key.map { _ in Idempotency.digest(of: Array(body.text.utf8)) }
        // Before anything is looked up: by now the address may be somebody else's, and what it answers closed.
        if let (planned, row) = try await services.messages.planned(under: key, digest: digest) {
            return Self.accepted(planned, customer: row.customer)
        }
        let topics = services.policy.current.topics.map(\.name)
        guard topics.contains(form.topic) else {
            throw Problem.malformed("$.topic", "unknown topic" + NearestWord.hint(for: form.topic, among: topics))
        }
        let (customer, address) = try await recipient(form.recipient)
        let answered = try await AnsweredFollowUps.read(
            form.message.closes, of: customer.id, under: key, store: services.store)
        let planned = try await services.messages.send(
            form.message.answering(answered), to: customer, channels: form.channels, messageClass: form.messageClass,
            topic: form.topic, key: key, digest: digest, address: address, adapter: form.adapter,
            expiresAt: form.expiresAt, repeats: form.repeats)
        return Self.accepted(planned, customer: customer.id)
    }

    private static func accepted(
        _ planned: PlannedDispatch, customer: CustomerID
    ) -> (status: HTTPResponse.Status, body: JSONValue) {
        (
            .accepted,
            .fields([
                ("dispatch", .text(planned.id)), ("customer", .text(customer)),
                ("repetition", .bool(planned.isRepetition)),
            ])
        )
    }

    private func recipient(_ recipient: MessageForm.Recipient) async throws -> (Customer, Address?) {
        switch recipient {
        case .customer(let id):
            guard let customer = try await services.store.customers([id])[id], !customer.erased else {
                throw DeskError.unknownCustomer(id)
            }
            return (customer, nil)
        case .address(let written):
            let address = try CustomerRoutes.normalize(written, place: "$.address", services: services)
            guard let id = try await services.store.customers(at: [address])[address]?.first else {
                throw DeskError.unknownAddress
            }
            return (try await CustomerRoutes.customer(id, services: services), address)
        }
    }
}

extension DispatchRow {
    fileprivate var json: JSONValue {
        .fields([
            ("dispatch", .text(id)), ("customer", .text(customer)), ("campaign", .text(campaign?.name)),
            ("occurrence", .text(campaign?.occurrence)), ("channel", .string(channel.rawValue)),
            ("adapter", .string(adapter)), ("address", .string(address.deliverableURI)),
            ("class", .string(messageClass.rawValue)), ("topic", .string(topic)), ("state", .string(state.rawValue)),
            ("rule", .text(rule)), ("evidence", .array(evidence.map { .string($0) })),
            ("policyVersion", .text(policyVersion)), ("attempts", .count(attempts)), ("dueAt", .time(dueAt)),
            ("claimedAt", .time(claimedAt)), ("detail", .text(detail)),
        ])
    }
}
