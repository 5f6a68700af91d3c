import Foundation

/// The file of a store that nobody has open, and what SQLite may have left beside it.
struct StoreFiles {
    let path: String
    var log: String { path + "-wal" }
    /// Of the log; it is made again when it is needed.
    var index: String { path + "-shm" }

    init(_ path: String) {
        self.path = path
    }

    func remove() throws {
        for file in [path, log, index] where FileManager.default.fileExists(atPath: file) {
            try FileManager.default.removeItem(atPath: file)
        }
    }
}
