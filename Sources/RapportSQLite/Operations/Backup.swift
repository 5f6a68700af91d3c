import Foundation
import GRDB
import RapportLog

/// Copies a store while it is used.
enum Backup {
    /// The copy is complete and on disk before it gets its name; only its owner can read it.
    static func write(_ source: String, to target: String) throws {
        let partial = target + ".partial"
        let files = FileManager.default
        guard !files.fileExists(atPath: target) else {
            throw StoreError(.unavailable, "backing up: the file exists already")
        }
        try? files.removeItem(atPath: partial)
        PrivateFile.make(partial)
        let database = try DatabaseQueue(path: source)
        try database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
        try database.close()
        do {
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: partial))
            try handle.synchronize()
            try handle.close()
            // Unlike renaming, linking fails when the name was taken in the meantime.
            try files.linkItem(atPath: partial, toPath: target)
            try files.removeItem(atPath: partial)
        } catch {
            try? files.removeItem(atPath: partial)
            throw StoreError(.unavailable, "backing up: the copy can't be written", underlying: error)
        }
    }
}
