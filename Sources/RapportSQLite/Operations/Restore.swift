import Foundation
import GRDB
package import RapportLog

extension SQLiteStore {
    /// Puts a copy in the place of a store that nobody has open, and keeps what was there under another name.
    ///
    /// Everything but renaming is done beside it first: whatever is wrong with the copy, or a kill until then, leaves the
    /// store as it was. A renaming that fails is taken back. A kill amid them leaves the store whole, under its old name or
    /// the new one; no new one is begun in its place then (`refuseHalfRestored`), and the copy can be put back again.
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
        let new = path + restoring
        guard resolved(copy) != resolved(new) else {
            throw StoreError(
                .unavailable,
                "restoring: \(copy) is where a backup is put together before it takes the store's place, and would be "
                    + "removed first; move it away and restore it from there")
        }
        let result: T
        do {
            try await OwnThread.run("restoring") {
                try StoreFiles(new).remove()
                try Backup.copy(copy, to: new)
            }
            let store = try await open(path: new)
            do {
                result = try await prepare(store)
            } catch {
                try? await store.close()
                throw error
            }
            try await store.close()
        } catch {
            try? StoreFiles(new).remove()
            throw error
        }
        try await OwnThread.run("restoring") {
            var renaming = StoreRenaming()
            do {
                try renaming.rename(StoreFiles(path), to: StoreFiles(old))
                try renaming.rename(StoreFiles(new), to: StoreFiles(path))
            } catch {
                // Where that fails, too, the copy stays, so that no empty store is begun.
                try renaming.takeBack()
                try? StoreFiles(new).remove()
                throw error
            }
        }
        return result
    }

    /// The path by which two names of a file are found to be one.
    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }

    /// What is being put back has this behind the store's name.
    private static let restoring = ".restoring"

    /// - Throws: where there is no store because a kill cut its restoring off: an empty one would look as if all were lost.
    package static func refuseHalfRestored(_ path: String) throws(StoreError) {
        let new = path + restoring
        guard !FileManager.default.fileExists(atPath: path), FileManager.default.fileExists(atPath: new) else { return }
        throw StoreError(
            .unavailable, "opening: putting a backup back was cut off; do that again, or remove \(new) to begin anew")
    }
}
