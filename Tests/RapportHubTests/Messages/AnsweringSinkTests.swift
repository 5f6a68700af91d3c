import Logging
import RapportAddressing
import RapportChannels
import RapportCore
import RapportLog
import RapportSQLite
import Synchronization
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

    @Test("asks the store once who they are that came together, and fails for those alone whom it can't tell")
    func together() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,phone\ncrm/1,13800138000\ncrm/2,13800138001\n")
        let ana = try #require(try await hub.customer(at: "tel:13800138000")).id
        let bob = try #require(try await hub.customer(at: "tel:13800138001")).id
        let lookUps = Mutex(0)
        let isAway = Mutex(true)
        let store = SlowStore(hub.store) { () throws(StoreError) in
            lookUps.withLock { $0 += 1 }
            if isAway.withLock({ $0 }) { throw StoreError(.busy, "a test") }
        }
        let desk = MessageDesk(store: hub.store, routes: hub.routes, clock: hub.clock)
        let sink = AnsweringSink(
            next: hub.intake, messages: desk, store: store, settings: .init(help: "Call us.", topic: "service"),
            clock: hub.clock, logger: Logger(label: "test"))
        func delivery(_ id: String, of numbers: [String], asking: Bool = true) -> InboundDelivery {
            let events = numbers.map { number in
                hub.message(
                    from: "tel:\(number)", "HELP", id: "\(id) \(number)", channel: .sms,
                    requests: asking ? [.help(keyword: "help")] : [])
            }
            return InboundDelivery(events: events, adapter: "sms", region: nil)
        }
        let hello = delivery("hello", of: ["13800138000"], asking: false)
        let crowd = [
            delivery("1", of: ["13800138000", "13800138001"]), hello, delivery("2", of: ["13800138000"]),
        ]
        let refused = await sink.submit(crowd).map { $0.map(\.count) }
        #expect(refused == [.failure(.storeUnavailable), .success(1), .failure(.storeUnavailable)])
        #expect(lookUps.withLock { $0 } == 1)
        #expect(try await hub.store.dispatches(of: ana, limit: 9).isEmpty)
        // They come again, and are answered in the order in which they asked.
        isAway.withLock { $0 = false }
        let taken = await sink.submit(crowd).map { $0.map(\.count) }
        #expect(taken == [.success(2), .success(1), .success(1)])
        #expect(lookUps.withLock { $0 } == 2)
        let answers = try await hub.store.dispatches(of: ana, limit: 9).map(\.id).sorted()
        let other = try #require(try await hub.store.dispatches(of: bob, limit: 9).first).id
        try #require(answers.count == 2)
        #expect(answers[0] < other && other < answers[1])
        // Nobody is looked up where nobody asks.
        _ = await sink.submit([hello])
        #expect(lookUps.withLock { $0 } == 2)
        try await hub.close()
    }
}
