import Foundation
import GRDB
import RapportLog

extension SQLiteStore {
    /// Puts a copy in the place of a store that nobody has open, and keeps what was there under another name.
    ///
    /// Everything but renaming is done beside it first: whatever is wrong with the copy, or a kill until then, leaves the
    /// store as it was; one amid the renamings leaves it under its new name, and the copy can be put back again.
    ///
    /// A write-ahead log goes with the file that it belongs to: SQLite would take it for that of the copy
    /// (https://sqlite.org/howtocorrupt.html, “Mispairing database files and hot journals”).
    ///
    /// - Parameters:
    ///   - copy: as `backup(to:)` makes it; it stays as it is. One of an older version is brought up to date.
    ///   - old: nothing may be there.
    ///   - prepare: is given the copy, before it is in place.
    /// - Throws: `StoreError`, and what `prepare` throws.
    package static func restore<T: Sendable>(
        _ copy: String, to path: String, keeping old: String, preparing prepare: (SQLiteStore) async throws -> T
    ) async throws -> T {
        guard FileManager.default.fileExists(atPath: copy) else {
            throw StoreError(.unavailable, "restoring: there is no file \(copy)")
        }
        let new = path + ".restoring"
        do {
            try await OwnThread.run("restoring") {
                try StoreFiles(new).remove()
                try Backup.copy(copy, to: new)
            }
            let store = try await open(path: new)
            let result: T
            do {
                result = try await prepare(store)
            } catch {
                try? await store.close()
                throw error
            }
            try await store.close()
            try await OwnThread.run("restoring") {
                try StoreFiles(path).move(to: StoreFiles(old))
                try StoreFiles(new).move(to: StoreFiles(path))
            }
            return result
        } catch {
            try? StoreFiles(new).remove()
            throw error
        }
    }
}

/// The file of a store that nobody has open, and what SQLite may have left beside it.
private struct StoreFiles {
    private let path: String
    private var log: String { path + "-wal" }
    private let files = FileManager.default

    init(_ path: String) {
        self.path = path
    }

    func remove() throws {
        for file in [path, log] where files.fileExists(atPath: file) { try files.removeItem(atPath: file) }
        try removeIndex()
    }

    /// Overwrites nothing.
    func move(to other: StoreFiles) throws {
        for (file, name) in [(path, other.path), (log, other.log)] where files.fileExists(atPath: file) {
            try files.moveItem(atPath: file, toPath: name)
        }
        try removeIndex()
        try PrivateFile.synchronizeFolder(of: path)
    }

    /// Of the log; it is made again when it is needed.
    private func removeIndex() throws {
        let index = path + "-shm"
        if files.fileExists(atPath: index) { try files.removeItem(atPath: index) }
    }
}
