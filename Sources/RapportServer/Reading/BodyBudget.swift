import Synchronization

/// Bytes of bodies that are being read or have been and wait for their answers, over all connections together: a thousand
/// clients that each send a little less than is allowed must not take the memory of the machine.
final class BodyBudget: Sendable {
    private let limit: Int
    private let used = Mutex(0)

    /// - Parameter limit: in bytes.
    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes that are taken now.
    var taken: Int { used.withLock { $0 } }

    /// - Returns: false when there is no room for so many more.
    func take(_ bytes: Int) -> Bool {
        used.withLock { used in
            guard bytes <= limit - used else { return false }
            used += bytes
            return true
        }
    }

    func giveBack(_ bytes: Int) {
        used.withLock { $0 -= bytes }
    }
}
