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
}
