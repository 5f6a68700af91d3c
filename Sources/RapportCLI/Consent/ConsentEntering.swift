import RapportApp
import RapportCore

/// Enters a yes or a no and says so: what grant and deny have in common.
struct ConsentEntering {
    let store: StoreOptions
    let output: OutputOptions

    func run(_ who: String, _ change: (HubContext) throws -> ConsentChange) async throws {
        let (customer, entered, row) = try await store.withHub { hub in
            let customer = try await hub.resolve(customer: who).customer
            let change = try change(hub)
            return (customer, change, try await change.submit(for: customer, hub: hub))
        }
        let state = entered.isGrant ? ConsentEntry.State.granted : .denied
        if output.json {
            JSONLine.show([
                ("customer", .text(customer.id.description)), ("state", .text(state.rawValue)),
                ("topic", .text(entered.scope.topic ?? "*")),
                ("channel", .text(entered.scope.channel?.rawValue ?? "*")),
                ("interaction", .text(row.description)),
            ])
        } else {
            Terminal.line("\(customer.id): \(entered.scope.description) \(state.rawValue) (\(row))")
        }
    }
}
