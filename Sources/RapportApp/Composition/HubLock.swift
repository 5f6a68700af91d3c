import Foundation

/// Makes sure that one hub at a time works on a store that is a file. The lock is the kernel's, so it ends with the
/// process, however that ends.
package final class HubLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `ConfigurationError` when another hub holds the lock.
    package init(storePath: String) throws(ConfigurationError) {
        let path = storePath + ".hub"
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ConfigurationError("the lock file \(path) can't be opened") }
        // What has its descriptor is deinitialized when this fails, and closes it then.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw ConfigurationError("another hub is running on this store; stop it first")
        }
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Writes down, for those who look at the hub from outside, what it goes by.
    ///
    /// - Throws: `ConfigurationError` when the file can't be written.
    func write(_ note: HubNote) throws {
        let bytes = [UInt8](try JSONEncoder().encode(note))
        guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, ftruncate(descriptor, off_t(bytes.count)) == 0
        else { throw ConfigurationError("the lock file can't be written") }
    }

    /// What the hub that holds the lock has written down; `nil` when none has, or it is being written.
    static func note(storePath: String) -> HubNote? {
        FileManager.default.contents(atPath: storePath + ".hub").flatMap {
            try? JSONDecoder().decode(HubNote.self, from: $0)
        }
    }
}
