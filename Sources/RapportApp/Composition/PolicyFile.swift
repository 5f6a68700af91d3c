package import RapportHub
package import RapportPolicy
import Synchronization

/// The contact policy's file: read when somebody first asks for the policy, so that what needs none works without one.
package final class PolicyFile: Sendable {
    private let path: String
    private let known = Mutex<PolicyHolder?>(nil)

    package init(path: String) {
        self.path = path
    }

    /// The policy in force; everybody who asks shares it.
    ///
    /// - Throws: `PolicyFileError` with file, line and what was expected, again for everybody who asks.
    package var holder: PolicyHolder {
        get throws {
            try known.withLock { known in
                if let known { return known }
                let holder = PolicyHolder(try ContactPolicy(contentsOf: path))
                known = holder
                return holder
            }
        }
    }

    /// Reads the file again. One with a mistake changes nothing.
    ///
    /// - Throws: `PolicyFileError`.
    package func reload() throws -> ContactPolicy {
        let policy = try ContactPolicy(contentsOf: path)
        known.withLock { known in
            if let known { known.replace(with: policy) } else { known = PolicyHolder(policy) }
        }
        return policy
    }
}
