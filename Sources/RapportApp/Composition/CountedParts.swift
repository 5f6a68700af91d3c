import Metrics
import RapportChannels
import RapportCore

/// Counts what comes in by adapter, with what was not understood apart: an event whose kind or form nobody knows is stored
/// and acknowledged, so that this number is where it shows.
struct CountedSink: EventSink {
    private let next: any EventSink
    private let counters: CounterFamily

    init(next: any EventSink, metrics: any MetricsFactory) {
        self.next = next
        counters = CounterFamily("rapport_inbound_events_total", by: "adapter", "reading", metrics: metrics)
    }

    func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent] {
        try await submit([delivery])[0].get()
    }

    func submit(_ deliveries: [InboundDelivery]) async -> [Result<[CommittedEvent], EventSinkError>] {
        let results = await next.submit(deliveries)
        for case (let delivery, .success(let committed)) in zip(deliveries, results) { count(committed, of: delivery) }
        return results
    }

    private func count(_ committed: [CommittedEvent], of delivery: InboundDelivery) {
        // By index, because to copy each event out of the array takes longer than to count it.
        for (index, result) in zip(delivery.events.indices, committed) where !result.isRepetition {
            let kind = delivery.events[index].kind
            let reading =
                switch kind {
                case .unknown, .unparsed: kind.rawValue
                default: "understood"
                }
            counters.count(delivery.adapter, reading)
        }
    }
}

/// Counts what became of each message that was handed to an adapter.
struct CountedAdapter: OutboundAdapter {
    private let next: any OutboundAdapter
    private let counters: CounterFamily

    init(next: any OutboundAdapter, metrics: any MetricsFactory) {
        self.next = next
        counters = CounterFamily("rapport_messages_total", by: "adapter", "outcome", metrics: metrics)
    }

    var name: String { next.name }
    var channel: Channel { next.channel }
    var window: Int { next.window }

    func withdraw() { next.withdraw() }

    func send(_ message: OutboundMessage) async throws(SendError) -> Receipt {
        do throws(SendError) {
            let receipt = try await next.send(message)
            counters.count(name, receipt.state.rawValue)
            return receipt
        } catch {
            counters.count(name, error.code.rawValue)
            throw error
        }
    }

    func send(
        _ messages: [OutboundMessage], done: @escaping @Sendable (Int, Result<Receipt, SendError>) -> Void
    ) async {
        await next.send(messages) { [counters, name] index, result in
            switch result {
            case .success(let receipt): counters.count(name, receipt.state.rawValue)
            case .failure(let error): counters.count(name, error.code.rawValue)
            }
            done(index, result)
        }
    }
}
