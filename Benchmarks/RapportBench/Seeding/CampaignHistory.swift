import RapportCore
import RapportLog
import RapportSQLite

/// Campaigns that customers got before, written by the calls that sending makes.
struct CampaignHistory {
    let store: SQLiteStore
    private static let page = 1024

    /// Two mailings in the last week.
    func write(to customers: [BenchCustomer], now: Timestamp, progress: (Int) -> Void = { _ in }) async throws {
        let node = try await store.register(host: "bench", process: 1, at: now)
        for (name, days) in [("history-1", 5), ("history-2", 2)] {
            let at = now.adding(seconds: Int64(-86400 * days))
            let key = CampaignKey(name: name)
            _ = try await store.create(
                CampaignRecord(
                    key: key, state: .planning, messageClass: .marketing, topic: "offers", definition: "{}",
                    createdAt: at))
            for start in stride(from: 0, to: customers.count, by: Self.page) {
                let page = customers[start..<min(start + Self.page, customers.count)]
                _ = try await store.plan(try await plans(page, key: key, at: at), at: at)
            }
            _ = try await store.move(key, from: [.planning], to: .sending, note: nil, at: at)
            while try await send(node: node, at: at) > 0 {}
            _ = try await store.completeFinished(at: at)
        }
        try await store.unregister(node: node)
    }

    private func plans(
        _ page: ArraySlice<BenchCustomer>, key: CampaignKey, at: Timestamp
    ) async throws -> [DispatchPlan] {
        let addresses = page.compactMap { Address(normalized: "mailto:\($0.mailbox)") }
        let ids = try await store.customers(at: addresses)
        return addresses.compactMap { address in
            ids[address]?.first.map { id in
                DispatchPlan(
                    customer: id, campaign: key, messageClass: .marketing, topic: "offers", offer: key.name,
                    content: "content of \(key.name)",
                    routes: [Route(channel: .email, adapter: "mail-out", address: address)], dueAt: at)
            }
        }
    }

    /// Claims a batch and records that it was accepted.
    private func send(node: Int64, at: Timestamp) async throws -> Int {
        let claimed = try await store.claim(ClaimQuery(now: at, limit: Self.page, node: node)) { candidates in
            candidates.map { _ in .claim(routeIndex: 0, policyVersion: "bench") }
        }
        guard !claimed.isEmpty else { return 0 }
        _ = try await store.handOff(claimed.map(\.id), node: node, at: at)
        let results = claimed.map {
            DispatchResult(id: $0.id, outcome: .sent(state: .accepted, providerMessageID: nil), detail: "250 ok")
        }
        try await store.record(results, node: node, at: at) { first in
            claimed.enumerated().map { offset, dispatch in
                Interaction(
                    id: InteractionID(first + Int64(offset)), customer: dispatch.candidate.customer.id,
                    channel: .email, adapter: "mail-out", direction: .outbound, kind: .messageSent, occurredAt: at,
                    recordedAt: at, to: dispatch.route.address.deliverable, subject: "An offer",
                    references: Interaction.References(
                        campaign: dispatch.candidate.plan.campaign?.name, dispatch: dispatch.id),
                    effects: [.dispatchAdvanced(dispatch.id, .accepted)])
            }
        }
        return claimed.count
    }
}
