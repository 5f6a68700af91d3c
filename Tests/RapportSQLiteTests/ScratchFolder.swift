import Foundation
import RapportLog
import RapportSQLite
import RapportStoreConformance

/// A folder of its own for each test, with one store in it.
struct ScratchFolder: StorePlace {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "rapport-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func path(_ name: String = "rapport.db") -> String { url.appending(path: name).path }

    func open() async throws -> any Store { try await SQLiteStore.open(path: path()) }

    func remove() {
        try? FileManager.default.removeItem(at: url)
    }
}
