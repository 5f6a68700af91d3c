import RapportCore
import RapportHub
import RapportLog
import ServiceLifecycle

/// Runs the dispatcher, and gives back what it had claimed and not handed off when it stops.
struct DispatcherService: Service {
    let dispatcher: Dispatcher
    let store: any DispatchStoring
    let node: Int64
    let clock: Clock

    func run() async throws {
        try await dispatcher.run()
        _ = try await store.release(node: node, at: clock())
    }
}
