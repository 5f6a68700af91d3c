import Foundation
import GRDB
import RapportLog

/// Copies a store while it is used.
enum Backup {
    /// The copy is whole and on disk before it gets its name, and so is the name when this returns; only its owner can
    /// read it.
    static func write(_ source: String, to target: String) throws {
        // A name of its own: another backup may be writing to the same target.
        let partial = target + ".\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(8)).partial"
        let files = FileManager.default
        guard !files.fileExists(atPath: target) else {
            throw StoreError(.unavailable, "backing up: the file exists already")
        }
        try PrivateFile.makeNew(partial)
        defer { try? files.removeItem(atPath: partial) }
        try fill(partial, from: source)
        // Unlike renaming, linking fails when the name was taken in the meantime.
        try files.linkItem(atPath: partial, toPath: target)
        try PrivateFile.synchronizeFolder(of: target)
    }

    /// - Parameter target: where nothing is yet; the copy is whole and on disk when this returns, and only its owner can
    ///   read it.
    static func copy(_ source: String, to target: String) throws {
        try PrivateFile.makeNew(target)
        try fill(target, from: source)
    }

    /// - Parameter target: an empty file.
    private static func fill(_ target: String, from source: String) throws {
        let database = try DatabaseQueue(path: source)
        try database.writeWithoutTransaction { db in
            try Schema.requireStore(db)
            try db.execute(sql: "VACUUM INTO ?", arguments: [target])
        }
        try database.close()
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: target))
        try handle.synchronize()
        try handle.close()
    }
}
