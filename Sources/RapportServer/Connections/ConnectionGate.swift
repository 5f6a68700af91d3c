import NIOCore
import Synchronization

/// Counts open connections and tells which of them are too many.
///
/// Whoever comes when the limit is reached is told so, instead of waiting for an answer that nobody gives.
final class ConnectionGate: Sendable {
    private let limit: Int
    private let open = Mutex(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Connections that may be open for the moment that a refusal takes; more than these wait for the kernel.
    static func headroom(over limit: Int) -> Int { max(64, limit / 4) }

    /// - Returns: whether there is room for it; its place is free again when it closes.
    func admit(_ channel: any NIOCore.Channel) -> Bool {
        let isAdmitted = open.withLock { open in
            guard open < limit else { return false }
            open += 1
            return true
        }
        if isAdmitted { channel.closeFuture.whenComplete { _ in self.open.withLock { $0 -= 1 } } }
        return isAdmitted
    }
}
