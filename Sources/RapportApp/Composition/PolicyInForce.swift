package import RapportLog
import RapportPolicy

/// Which contact policy the hub goes by, and whether its file still says the same.
package struct PolicyInForce: Hashable, Sendable {
    package var file: String
    /// Of the running hub; `nil` when none runs, or it does not tell.
    package var version: String?
    /// What the file has now; `nil` when it would be refused.
    package var fileVersion: String?

    package init(file: String, version: String?, fileVersion: String?) {
        self.file = file
        self.version = version
        self.fileVersion = fileVersion
    }

    /// - Parameter node: the hub that works on the store now.
    package static func read(_ configuration: HubConfiguration, node: NodeRecord?) -> PolicyInForce {
        let note = HubLock.note(storePath: configuration.storePath)
        return PolicyInForce(
            file: configuration.policyFile,
            version: note.flatMap { $0.process == node?.process ? $0.policyVersion : nil },
            // Why a file is refused is told by those who need it.
            fileVersion: (try? ContactPolicy(contentsOf: configuration.policyFile))?.version)
    }
}
