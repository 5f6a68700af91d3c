import ArgumentParser
import Foundation
import RapportApp
import RapportChannels
import RapportCore
import RapportHub
import Synchronization
import Testing

@testable import RapportCLI

@Suite("An export")
struct CustomerExportTests {
    @Test("is one JSON object with everything, payloads in Base64, however many pages it takes")
    func everything() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,Berlin,offers:email:granted:2026-01-05T10:00:00Z")
        let customer = try await desk.hub.resolve(customer: "crm/1").customer
        let events = (0..<450).map { number in
            InboundEvent(
                kind: .messageReceived, channel: .email, sourceID: "m\(number)",
                customerAddresses: [RawAddress(.mailto, "ana@example.com")], text: "message \(number)",
                payload: .init(type: "text/plain", bytes: Array("raw \(number)".utf8)))
        }
        _ = try await desk.hub.intake().submit(events, adapter: "mail-in", region: nil)

        let written = Mutex("")
        try await CustomerExport(customer: customer, hub: desk.hub).write { text in
            written.withLock { $0 += text }
        }
        let data = Data(written.withLock { $0 }.utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let rows = try #require(object["interactions"] as? [[String: Any]])
        #expect(rows.count == 451)
        #expect(Set(rows.compactMap { $0["id"] as? String }).count == 451)
        let payload = try #require(rows.first?["payload"] as? [String: String])
        #expect(Data(base64Encoded: payload["base64"] ?? "") == Data("raw 449".utf8))
        #expect((object["consents"] as? [Any])?.count == 1)
        #expect((object["followUps"] as? [Any])?.isEmpty == false)
        #expect((object["customer"] as? [String: Any])?["name"] as? String == "Ana")
        try await desk.close()
    }

    @Test("has what is kept of those who were merged into the customer, and what holds because of them")
    func merged() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,Berlin,", "crm/2,Bo,bo@example.com,,Bonn,")
        let ana = try await desk.hub.resolve(customer: "crm/1").customer.id
        let other = try await desk.hub.resolve(customer: "crm/2").customer.id
        let customers = desk.hub.customerDesk(adapter: "cli", author: "lena")
        let entry = CustomerDesk.Entry(addresses: []) { known in
            var profile = known
            profile.quietHours = QuietHours(from: 1320, to: 420)
            return profile
        }
        _ = try await customers.enter(entry, about: other)
        _ = try await customers.merge(other, into: ana)

        let customer = try await desk.hub.resolve(customer: "crm/1").customer
        let written = Mutex("")
        try await CustomerExport(customer: customer, hub: desk.hub).write { text in
            written.withLock { $0 += text }
        }
        let data = Data(written.withLock { $0 }.utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let merged = try #require(object["merged"] as? [[String: Any]])
        #expect(merged.map { $0["id"] as? String } == [other.description])
        #expect(merged.first?["name"] as? String == "Bo")
        #expect((merged.first?["attributes"] as? [String: String])?["city"] == "Bonn")
        #expect((merged.first?["addresses"] as? [String])?.contains("mailto:bo@example.com") == true)
        let holds = try #require(object["holds"] as? [String: Any])
        #expect(holds["quietHours"] as? [String: String] == ["from": "22:00", "to": "07:00"])
        #expect((object["customer"] as? [String: Any])?["name"] as? String == "Ana")
        try await desk.close()
    }

    /// The files that have to do with `ana.json`.
    private func written(_ desk: DeskFixture) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).filter { $0.hasPrefix("ana.json") }
    }

    @Test("to a file is there once it is whole, is not begun for nobody, and replaces nothing")
    func toFile() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,Berlin,")
        let path = desk.folder.appending(path: "ana.json").path
        func export(_ customer: String) throws -> CustomerExportCommand {
            try CustomerExportCommand.parse(
                ["--config", desk.folder.appending(path: "rapport.yaml").path, "--to", path, customer])
        }
        await #expect(throws: (any Error).self) { try await export("c999").run() }
        #expect(try written(desk).isEmpty)
        try await export("crm/1").run()
        #expect(try written(desk) == ["ana.json"])
        let data = try Data(contentsOf: URL(filePath: path))
        #expect(try JSONSerialization.jsonObject(with: data) is [String: Any])
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        await #expect(throws: (any Error).self) { try await export("crm/1").run() }
        #expect(try Data(contentsOf: URL(filePath: path)) == data)
        try await desk.close()
    }

    @Test("that fails halfway leaves no file, and one whose name was taken meanwhile leaves that file alone")
    func halfway() async throws {
        let desk = try await DeskFixture()
        let path = desk.folder.appending(path: "ana.json").path
        await #expect(throws: CancellationError.self) {
            try await NewPrivateFile.write(path) { file in
                try file.write(contentsOf: Data("{".utf8))
                #expect(!FileManager.default.fileExists(atPath: path))
                throw CancellationError()
            }
        }
        #expect(try written(desk).isEmpty)
        let error = await #expect(throws: NewFileError.self) {
            try await NewPrivateFile.write(path) { file in
                try file.write(contentsOf: Data("{}".utf8))
                try Data("mine".utf8).write(to: URL(filePath: path))
            }
        }
        #expect(error?.exists == true)
        let nowhere = desk.folder.appending(path: "missing/ana.json").path
        let told = await #expect(throws: NewFileError.self) { try await NewPrivateFile.write(nowhere) { _ in } }
        #expect(told?.description == "\(nowhere) can't be made: no such file or directory")
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("mine".utf8))
        #expect(try written(desk) == ["ana.json"])
        try await desk.close()
    }
}
