import RapportCore
import RapportHub
import RapportLog
import ServiceLifecycle

/// Runs the dispatcher, and gives back what it had claimed and not handed off when it stops. The store must be open until
/// then: what sends come to is written also when the hub is told to stop at once.
struct DispatcherService: Service {
    let dispatcher: Dispatcher
    let store: any DispatchStoring
    let node: Int64
    let clock: Clock
    let end: Ending

    func run() async throws {
        defer { end.come() }
        try await dispatcher.run()
        _ = try await store.release(node: node, at: clock())
    }
}
