import ArgumentParser
import Foundation
import Logging
import RapportApp
import RapportLog
import Testing

@testable import RapportCLI

@Suite("The store of a command")
struct StoreOptionsTests {
    private func options(_ desk: DeskFixture, store: String) throws -> StoreOptions {
        let file = desk.folder.appending(path: "rapport.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacingOccurrences(of: "sqlite:hub.db", with: "sqlite:\(store)").write(
            to: file, atomically: true, encoding: .utf8)
        return try StoreOptions.parse(["--config", file.path])
    }

    @Test("that is not there is named and not made, but by those who bring the first customers")
    func missing() async throws {
        let desk = try await DeskFixture()
        let options = try options(desk, store: "typo/hubb.db")
        let path = desk.folder.appending(path: "typo").path
        let error = await #expect(throws: MissingStore.self) { try await options.withHub { _ in } }
        #expect(error?.description.contains("there is no store at \(path)/hubb.db") == true)
        #expect(!FileManager.default.fileExists(atPath: path))
        try await options.withHub(mayMakeStore: true) { _ in }
        try await options.withHub { _ in }
        try await desk.close()
    }

    @Test("is not replaced by a backup while a command is at work on it")
    func inUse() async throws {
        let desk = try await DeskFixture()
        let options = try options(desk, store: "other.db")
        let configuration = try options.configuration()
        let copy = desk.folder.appending(path: "copy.db").path
        try await options.withHub(mayMakeStore: true) { hub in
            try await hub.store.backup(to: copy)
            // Commands beside each other are none of each other's business.
            try await options.withHub { _ in }
            let error = await #expect(throws: ConfigurationError.self) {
                _ = try await HubContext.restore(configuration, from: copy)
            }
            #expect(error?.description == "a command is at work on this store; let it end first")
        }
        let restored = try await HubContext.restore(configuration, from: copy)
        #expect(restored.kept != nil)
        try await options.withHub { _ in }
        try await desk.close()
    }

    @Test("does not know of a hub that could not be built")
    func unbuiltHub() async throws {
        let desk = try await DeskFixture()
        try FileManager.default.removeItem(at: desk.folder.appending(path: "secret"))
        let hub = HubProcess(context: desk.hub, reloads: await ReloadSignals(), logger: Logger(label: "test"))
        await #expect(throws: ConfigurationError.self) { try await hub.run { _ in } }
        #expect(try await desk.hub.store.status(at: desk.hub.clock()).nodes.isEmpty)
        try await desk.close()
    }
}
