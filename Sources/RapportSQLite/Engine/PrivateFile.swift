import Foundation
import RapportLog

/// Files that only their owner may read: a store holds what customers wrote, and the key of erased addresses.
enum PrivateFile {
    /// Makes an empty file unless there is one. SQLite takes it for a new database, and gives the files beside it the same
    /// permissions. Where it can't be made, whoever opens it says why.
    static func make(_ path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Makes an empty file where nothing may be yet.
    static func makeNew(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = errno
            throw StoreError(
                reason == ENOSPC ? .full : .unavailable,
                "making \(path): \(String(cString: strerror(reason)).lowercased())")
        }
        close(descriptor)
    }

    /// Waits until the names in a file's folder are on disk, so that later ones are not there before them.
    static func synchronizeFolder(of path: String) throws {
        let folder = try FileHandle(forReadingFrom: URL(fileURLWithPath: path).deletingLastPathComponent())
        try folder.synchronize()
        try folder.close()
    }
}
