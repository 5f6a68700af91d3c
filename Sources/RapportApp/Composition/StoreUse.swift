import Foundation

/// Keeps a store that is a file in its place for as long as somebody has it open. Many may have it open; who puts a
/// backup in its place is alone. The lock is the kernel's, so it ends with the process, however that ends.
final class StoreUse: Sendable {
    private let descriptor: Int32

    /// - Parameter isAlone: nobody else may have the store open.
    /// - Throws: `ConfigurationError` when somebody has it open, or is putting a backup in its place.
    init(storePath: String, isAlone: Bool = false) throws(ConfigurationError) {
        let path = storePath + ".open"
        // Nothing is in the file, and whoever may open the store must be able to lock it, whoever made the file.
        let descriptor = Glibc.open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ConfigurationError("the lock file \(path) can't be opened") }
        fchmod(descriptor, 0o644)
        guard flock(descriptor, (isAlone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            throw ConfigurationError(
                isAlone
                    ? "a command is at work on this store; let it end first"
                    : "a backup is being put in this store's place; wait until that is done")
        }
        self.descriptor = descriptor
    }

    deinit {
        Glibc.close(descriptor)
    }
}
