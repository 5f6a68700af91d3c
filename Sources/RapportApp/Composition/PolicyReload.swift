import Logging
import RapportPolicy
import ServiceLifecycle
import UnixSignals

/// SIGHUP, heard from the moment this is made: without it the signal would end the process. One that comes before somebody
/// listens waits.
package struct ReloadSignals: Sendable {
    let sequence: UnixSignalsSequence

    package init() async {
        sequence = await UnixSignalsSequence(trapping: .sighup)
    }
}

/// Reads the contact policy again on SIGHUP. A file with a mistake changes nothing: the hub keeps the policy it has.
struct PolicyReload: Service {
    let policyFile: PolicyFile
    let signals: ReloadSignals
    /// Told of each policy that was read again.
    let note: @Sendable (ContactPolicy) -> Void
    let logger: Logger

    func run() async throws {
        for await _ in signals.sequence.cancelOnGracefulShutdown() {
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
