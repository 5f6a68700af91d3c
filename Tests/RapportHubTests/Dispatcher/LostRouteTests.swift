import RapportChannels
import RapportCore
import RapportLog
import RapportPolicy
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("A message planned for an address that is not the customer's any more")
struct LostRouteTests {
    @Test(
        "goes to another of theirs after an unmerge, and to nobody where there is none",
        arguments: [
            (false, ["mailto:ana@example.com", "mailto:ana@example.com"]), (true, ["mailto:bob@example.com"]),
        ])
    func unmerged(isUndone: Bool, expected: [String]) async throws {
        let hub = try await HubFixture()
        let ana = try #require(try await hub.take(hub.message(from: "ana@example.com")).customer)
        let bob = try #require(try await hub.take(hub.message(from: "bob@example.com")).customer)
        _ = try await hub.desk.merge(ana, into: bob)
        let known = try #require(try await hub.store.customers([bob])[bob])
        let desk = MessageDesk(store: hub.store, routes: hub.routes, clock: hub.clock)
        func send(to address: Address?) async throws -> DispatchID {
            try await desk.send(
                SingleMessage(text: "hello"), to: known, channels: [.email], messageClass: .transactional,
                topic: "care", address: address
            ).id
        }
        _ = try await send(to: nil)
        let only = try await send(to: Address(normalized: "mailto:ana@example.com"))
        if isUndone { _ = try await hub.desk.unmerge(ana, from: bob) }

        let node = try await hub.store.register(host: "test", process: 1, at: hub.now)
        let (policy, now) = (hub.policy.current, hub.now)
        let claimed = try await hub.store.claim(ClaimQuery(now: now, limit: 10, node: node)) { candidates in
            var decider = ClaimDecider(policy: policy, now: now, slots: ["mail": 10])
            return decider.decide(candidates)
        }
        #expect(claimed.map(\.route.address.uri) == expected)
        let row = try #require(try await hub.store.dispatch(only))
        #expect(row.state == (isUndone ? .skipped : .claimed) && row.rule == (isUndone ? "no-route" : nil))
        try await hub.close()
    }
}
