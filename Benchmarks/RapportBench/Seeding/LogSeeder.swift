import Foundation
import RapportCore
import RapportLog

/// Fills a log through the one way in, in big batches.
struct LogSeeder {
    let store: any IntakeStoring
    let now: Timestamp
    private static let batch = 4096

    init(store: any IntakeStoring, now: Timestamp) { (self.store, self.now) = (store, now) }

    /// Customers who have agreed to offers.
    ///
    /// - Returns: their ids, in order.
    func customers(_ customers: [BenchCustomer], groupSize: Int) async throws -> [CustomerID] {
        var ids: [CustomerID] = []
        ids.reserveCapacity(customers.count)
        for start in stride(from: 0, to: customers.count, by: Self.batch) {
            let page = Array(customers[start..<min(start + Self.batch, customers.count)])
            let outcomes = try await append(page.map { _ in nil }) { index, position in
                creation(of: page[index], group: page[index].group(of: groupSize), at: position)
            }
            ids += outcomes.compactMap(\.customer)
        }
        return ids
    }

    /// Events of a shop over the last year, of customers in random order.
    func events(_ count: Int, of customers: [CustomerID], progress: (_ done: Int) -> Void) async throws {
        var chance = SystemRandomNumberGenerator()
        for start in stride(from: 0, to: count, by: Self.batch) {
            let size = min(Self.batch, count - start)
            let owners = (0..<size).map { _ in customers[Int.random(in: customers.indices, using: &chance)] }
            let keys = (0..<size).map { _ in RepetitionKey(high: chance.next(), low: chance.next()) }
            let at = now.adding(seconds: -365 * 86400 + Int64(start) * 365 * 86400 / Int64(max(count, 1)))
            _ = try await append(keys) { index, position in
                event(start + index, of: owners[index], at: position, time: at)
            }
            progress(start + size)
        }
    }

    private func append(
        _ keys: [RepetitionKey?], _ make: @escaping @Sendable (_ index: Int, _ position: Int64) -> Interaction
    ) async throws -> [IntakeOutcome] {
        try await store.commit(
            keys.map { IntakeItem(key: $0) }, query: IntakeQuery(recordedAt: now, campaignsSince: now)
        ) { new, facts in
            new.map { IntakeDecision(interactions: [make($0, facts.takePosition())]) }
        }
    }

    private func creation(of customer: BenchCustomer, group: String, at position: Int64) -> Interaction {
        let id = CustomerID(position)
        let addresses = ["id:\(customer.id)", "mailto:\(customer.mailbox)"].compactMap { Address(normalized: $0) }
        let consentAt = now.adding(seconds: -200 * 86400)
        let consent = ConsentEntry(
            id: EntryID(position: position), customer: id, address: nil, topic: "offers", channel: .email,
            state: .granted, at: consentAt, confirmedAt: consentAt, method: "import")
        let profile = Customer.Profile(
            name: customer.name, language: "en", timeZone: customer.timeZone, owner: customer.owner,
            tags: ["bench", group], attributes: ["city": customer.city])
        return Interaction(
            id: InteractionID(position), customer: id, channel: .desk, adapter: "cli", direction: .internal,
            kind: .customerImported, occurredAt: now, recordedAt: now, attributes: ["author": "bench"],
            effects: [.customerCreated(id), .profileSet(id, profile)]
                + addresses.map { .addressAttached(id, $0) } + [.consentRecorded(consent)])
    }

    private func event(_ number: Int, of customer: CustomerID, at position: Int64, time: Timestamp) -> Interaction {
        let id = "seed-\(number)"
        let payload = #"{"id":"\#(id)","type":"order.paid","data":{"order":"A-\#(number)","total":"129.90 EUR"}}"#
        return Interaction(
            id: InteractionID(position), customer: customer, channel: .webhook, adapter: "shop", direction: .inbound,
            kind: .event("order.paid"), occurredAt: time, recordedAt: time, text: "paid by card",
            attributes: ["order": "A-\(number)", "total": "129.90 EUR"], sourceID: id,
            payload: Interaction.Payload(type: "application/json", bytes: Array(payload.utf8)))
    }
}
