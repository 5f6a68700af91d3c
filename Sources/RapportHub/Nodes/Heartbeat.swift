import RapportLog
import Synchronization

/// How long ago this hub's heartbeat was written, by a clock that nobody sets: by the other one it would seem to be as
/// young as that was set back, and too old when that was set forward.
package final class Heartbeat: Sendable {
    private let now: @Sendable () -> ContinuousClock.Instant
    private let last: Mutex<ContinuousClock.Instant>

    /// Begins with the node, which is written down now.
    package init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.now = now
        last = Mutex(now())
    }

    package var silence: Duration { last.withLock { $0 }.duration(to: now()) }

    /// - Parameter write: writes it, or throws; it is as old as the beginning of that.
    func beat(_ write: () async throws(StoreError) -> Void) async throws(StoreError) {
        let begun = now()
        try await write()
        last.withLock { $0 = begun }
    }
}
