import ArgumentParser
import Foundation
import Logging
import RapportApp
import RapportLog
import Testing

@testable import RapportCLI

@Suite("The store of a command")
struct StoreOptionsTests {
    @Test("does not know of a hub that could not be built")
    func unbuiltHub() async throws {
        let desk = try await DeskFixture()
        try FileManager.default.removeItem(at: desk.folder.appending(path: "secret"))
        let hub = HubProcess(context: desk.hub, logger: Logger(label: "test"))
        await #expect(throws: ConfigurationError.self) { try await hub.run { _ in } }
        #expect(try await desk.hub.store.status(at: desk.hub.clock()).nodes.isEmpty)
        try await desk.close()
    }
}
