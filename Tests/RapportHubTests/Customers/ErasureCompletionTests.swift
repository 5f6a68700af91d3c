import Logging
import RapportChannels
import RapportCore
import RapportLog
import Testing

@testable import RapportHub
@testable import RapportSQLite

@Suite("A hub and erasures that were cut off")
struct ErasureCompletionTests {
    @Test("finishes them when it starts")
    func finishes() async throws {
        let hub = try await HubFixture()
        let ana = try #require(try await hub.take(hub.message(from: "ana@example.com")).customer)
        // A report about the address that is nobody's.
        let report = InboundEvent(kind: .unknown, channel: .email, from: "ana@example.com", text: "secret")
        let row = try await hub.take(report)
        #expect(row.customer == nil)
        let now = hub.now
        try await hub.store.commits.write("erasing") { _ = try Eraser($0).erase(ana, at: now, by: "li") }
        #expect(try await hub.store.interaction(row.interaction, payload: false)?.text == "secret")
        let service = Recurring.erasureCompletion(store: hub.store, logger: Logger(label: "test"))
        let running = Task { try await service.run() }
        try await hub.waits("the erasure to be finished") {
            try await hub.store.status(at: now).erasuresPending == 0
        }
        #expect(try await hub.store.interaction(row.interaction, payload: false)?.text == nil)
        running.cancel()
        try await running.value
        try await hub.close()
    }
}
