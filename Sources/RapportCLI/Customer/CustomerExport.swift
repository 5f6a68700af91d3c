import RapportApp
import RapportCore
import RapportHub
import RapportLog

/// Writes everything that is kept of one customer, page by page, so that a long history is never in memory at once.
struct CustomerExport {
    let customer: Customer
    let hub: HubContext
    /// Rows come with their payloads, which may be mails of many megabytes each.
    private let pageSize = 8

    init(customer: Customer, hub: HubContext) {
        self.customer = customer
        self.hub = hub
    }

    /// - Parameter write: takes the JSON piece by piece.
    func write(_ write: (String) throws -> Void) async throws {
        try write("{" + member("exportedAt", JSONField(hub.clock())))
        for (name, field) in try await head() { try write(",\n" + member(name, field)) }
        try write(",\n" + JSONField.text("interactions").json + ":[")
        var last: InteractionID?
        while true {
            let page = try await hub.store.timeline(
                of: customer.id, before: last, limit: pageSize, including: .payloads)
            for row in page {
                try write(
                    (last == nil ? "\n" : ",\n") + JSONField.object(InteractionText.fields(row, payload: true)).json)
                last = row.id
            }
            if page.count < pageSize { break }
        }
        try write("\n]}\n")
    }

    private func head() async throws -> [(String, JSONField)] {
        let store = hub.store
        let now = hub.clock()
        let consents = try await store.consents(of: customer.id)
        let suppressions = try await store.suppressions(of: customer.addresses)
        let dispatches = try await store.dispatches(of: customer.id, limit: .max)
        let followUps = try await store.followUps(FollowUpFilter(customer: customer.id), limit: .max)
        let merged = try await store.merged(into: customer.id)
        let shown = try await store.shown([customer.id])[customer.id] ?? customer
        return [
            ("customer", .object(CustomerText.fields(customer))),
            // What is kept of each of them alone, and what holds for the customer because of it.
            ("merged", .list(merged.map { .object(CustomerText.fields($0)) })),
            (
                "holds",
                .object(CustomerText.fields(shown).filter { ["quietHours", "pausedUntil"].contains($0.0) })
            ),
            ("aliases", JSONField(try await store.aliases(of: customer.id).map(\.description))),
            ("consents", .list(consents.map { .object(ConsentText.fields($0)) })),
            ("suppressions", .list(suppressions.map { .object(SuppressionText.fields($0, at: now)) })),
            ("messages", .list(dispatches.map { .object(MessageText.fields($0)) })),
            ("followUps", .list(followUps.map(fields))),
        ]
    }

    private func member(_ name: String, _ field: JSONField) -> String {
        JSONField.text(name).json + ":" + field.json
    }

    private func fields(_ item: FollowUp) -> JSONField {
        .object([
            ("id", .text(item.id.description)), ("kind", .text(item.kind)), ("state", .text(item.state.rawValue)),
            ("summary", .text(item.summary)), ("owner", JSONField(item.owner)), ("openedAt", JSONField(item.openedAt)),
            ("dueAt", JSONField(item.dueAt)), ("closedAt", JSONField(item.closedAt)),
            ("resolution", JSONField(item.resolution)), ("conversation", JSONField(item.conversation)),
        ])
    }
}
