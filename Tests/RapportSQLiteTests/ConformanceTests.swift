import Foundation
import RapportLog
import RapportSQLite
import RapportStoreConformance
import Testing

@Suite("SQLite keeps the storage contract")
struct ConformanceTests {
    @Test("contract", arguments: StoreConformance.cases)
    func contract(_ storeCase: StoreCase) async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try await storeCase.run(on: folder)
    }
}
