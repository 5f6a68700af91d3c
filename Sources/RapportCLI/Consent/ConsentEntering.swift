import RapportApp
import RapportCore
import RapportHub

/// Enters a yes or a no and says so: what grant and deny have in common.
struct ConsentEntering {
    let store: StoreOptions
    let output: OutputOptions

    func run(_ who: String, _ change: (HubContext) throws -> ConsentChange) async throws {
        let (customer, entered, row, waits) = try await store.withHub { hub in
            let customer = try await hub.resolve(customer: who).customer
            let change = try change(hub)
            let row = try await change.submit(for: customer, hub: hub)
            return (customer, change, row, change.waitsForConfirmation(in: try hub.policy.current))
        }
        let state = entered.isGrant ? ConsentEntry.State.granted : .denied
        if output.json {
            JSONLine.show([
                ("customer", .text(customer.id.description)), ("state", .text(state.rawValue)),
                ("topic", .text(entered.scope.topic ?? "*")),
                ("channel", .text(entered.scope.channel?.rawValue ?? "*")),
                ("confirmed", .flag(entered.isConfirmed)), ("interaction", .text(row.description)),
            ])
        } else {
            let confirmed = entered.isConfirmed ? " and confirmed" : ""
            Terminal.line("\(customer.id): \(entered.scope.description) \(state.rawValue)\(confirmed) (\(row))")
            if waits {
                Terminal.line("the policy asks for a double opt-in: it counts when the customer has confirmed it")
            }
        }
    }
}
