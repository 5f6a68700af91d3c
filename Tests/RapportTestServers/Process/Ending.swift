import Dispatch
import Foundation
import Glibc
import Synchronization

/// Waits for a child and is the only place that signals it, so that no signal ever reaches a reused process id.
final class Ending: Sendable {
    private let identifier: pid_t
    private let ended = Mutex<ProcessExit?>(nil)
    private let running = DispatchGroup()

    init(identifier: pid_t) { self.identifier = identifier }

    var status: ProcessExit? { ended.withLock { $0 } }

    /// Waits for its end for `limit` at most.
    func status(within limit: Duration) async throws -> ProcessExit? {
        try await BlockingWork.run { [self] in
            _ = running.wait(timeout: .now() + limit / .seconds(1))
            return status
        }
    }

    func watch() {
        running.enter()
        Thread { [self] in
            var information = siginfo_t()
            // Seen but not yet collected, its id and its group's are still its own, so the rest of the group can be killed.
            while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) == -1 && errno == EINTR {}
            ended.withLock {
                kill(-identifier, SIGKILL)
                var status: Int32 = 0
                while waitpid(identifier, &status, 0) == -1 && errno == EINTR {}
                $0 = ProcessExit(waitStatus: status)
            }
            running.leave()
        }.start()
    }

    func signal(_ signal: Int32, wholeGroup: Bool) {
        ended.withLock {
            guard $0 == nil else { return }
            kill(wholeGroup ? -identifier : identifier, signal)
        }
    }
}
