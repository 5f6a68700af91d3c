import Logging
import RapportAddressing
import RapportChannels
import RapportCore
import RapportLog
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("The answer to HELP")
struct AnsweringSinkTests {
    @Test("goes to the number that asked, once for each time it asks, and not without end")
    func answers() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,phone\ncrm/1,13800138000;13800138001\n")
        let desk = MessageDesk(store: hub.store, routes: hub.routes, clock: hub.clock)
        let sink = AnsweringSink(
            next: hub.intake, messages: desk, store: hub.store, settings: .init(help: "Call us.", topic: "service"),
            clock: hub.clock, logger: Logger(label: "test"))
        let asking = try AddressNormalizer().normalize(RawAddress(.tel, "13800138001"), region: "CN")
        let customer = try #require(try await hub.customer(at: "tel:13800138001")).id
        func help(_ id: String) -> InboundEvent {
            hub.message(from: "tel:13800138001", "HELP", id: id, channel: .sms, requests: [.help(keyword: "help")])
        }
        func ask(_ id: String) async throws -> Int {
            _ = try await sink.submit([help(id)], adapter: "sms", region: nil)
            let planned = try await hub.store.dispatches(of: customer, limit: 20)
            #expect(planned.allSatisfy { $0.address == asking })
            return planned.count
        }
        // A repetition takes no part of what may be answered, and is not answered beyond it.
        for (id, count) in [
            ("1", 1), ("1", 1), ("1", 1), ("1", 1), ("2", 2), ("3", 3), ("1", 3), ("4", 3), ("4", 3),
        ] {
            #expect(try await ask(id) == count, "\(id)")
        }
        hub.advance(seconds: 3600)
        #expect(try await ask("5") == 4)
        // Beside others who come at the same time.
        hub.advance(seconds: 3600)
        let crowd = [("6", []), ("7", [CustomerRequest.help(keyword: "help")])].map { id, requests in
            hub.message(from: "tel:13800138001", "HELP", id: id, channel: .sms, requests: requests)
        }
        let results = await sink.submit(
            crowd.map { InboundDelivery(events: [$0], adapter: "sms", region: nil) })
        #expect(try results.map { try $0.get().count } == [1, 1])
        #expect(try await hub.store.dispatches(of: customer, limit: 20).count == 5)
        // What a kill leaves that came before the answer was planned.
        _ = try await hub.intake.submit([help("8")], adapter: "sms", region: nil)
        #expect(try await ask("8") == 6)
        try await hub.close()
    }
}
