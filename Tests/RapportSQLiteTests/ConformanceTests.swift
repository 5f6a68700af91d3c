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

    /// A sentence names its case in the report; the contract's own expectations stand in the cases.
    @Test("the contract says nothing twice, and holds this engine to all it says")
    func sentences() {
        let sentences = StoreConformance.cases.map(\.sentence)
        #expect(sentences.count >= 80)
        #expect(Set(sentences).count == sentences.count)
    }
}
