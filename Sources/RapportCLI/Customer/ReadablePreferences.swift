import RapportApp
import RapportHub
import RapportPolicy

extension HubContext {
    /// For what is shown of a customer: `nil`, and a sentence on standard error, when the contact policy can't be read.
    /// The rest of the customer is shown all the same.
    func readablePreferences() -> PreferenceDesk? {
        do {
            return PreferenceDesk(
                store: store, sink: intake(), policy: try policy, routes: configuration.routes, clock: clock)
        } catch {
            Terminal.error("what they want to hear is left out, because the contact policy can’t be read:\n\(error)")
            return nil
        }
    }
}
