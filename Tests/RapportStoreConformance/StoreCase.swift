package import RapportLog
import Testing

/// One sentence of the storage contract and the code that holds an engine to it.
package struct StoreCase: Sendable, CustomTestStringConvertible {
    package var sentence: String
    let body: @Sendable (Stage) async throws -> Void

    init(_ sentence: String, _ body: @escaping @Sendable (Stage) async throws -> Void) {
        self.sentence = sentence
        self.body = body
    }

    package var testDescription: String { sentence }

    /// Runs the case against a store that nothing has been written to, and closes it.
    package func run(on place: any StorePlace) async throws {
        let stage = Stage(store: try await place.open(), place: place)
        try await body(stage)
        try await stage.store.close()
    }
}

/// Where one store lives. An engine's tests make a new place for every case.
package protocol StorePlace: Sendable {
    /// Opens the store, as another process would: what was opened before stays open.
    func open() async throws -> any Store
}

/// Every case of the contract. An engine calls this with a place of its own for each.
package enum StoreConformance {
    package static let cases: [StoreCase] =
        IntakeCases.all + FactsCases.all + CustomerCases.all + PreferenceCases.all + SuppressionCases.all
        + DispatchCases.all + ResultCases.all + RecoveryCases.all + CampaignCases.all + ReadingCases.all
        + EraseCases.all + ProjectionCases.all + OperationCases.all
}
