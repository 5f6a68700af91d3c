package import RapportPolicy
import Synchronization

/// The contact policy in force; replaced as a whole when its file is read again.
package final class PolicyHolder: Sendable {
    private let policy: Mutex<ContactPolicy>

    package init(_ policy: ContactPolicy) {
        self.policy = Mutex(policy)
    }

    package var current: ContactPolicy { policy.withLock { $0 } }

    package func replace(with policy: ContactPolicy) {
        self.policy.withLock { $0 = policy }
    }
}
