import Logging
import RapportPolicy
import ServiceLifecycle
import UnixSignals

/// Reads the contact policy again on SIGHUP. A file with a mistake changes nothing: the hub keeps the policy it has.
struct PolicyReload: Service {
    let policyFile: PolicyFile
    /// Told of each policy that was read again.
    let note: @Sendable (ContactPolicy) -> Void
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            do {
                let policy = try policyFile.reload()
                note(policy)
                logger.notice("the contact policy was read again", metadata: ["version": "\(policy.version)"])
            } catch {
                logger.error("the contact policy was not changed", metadata: ["error": "\(error)"])
            }
        }
    }
}
