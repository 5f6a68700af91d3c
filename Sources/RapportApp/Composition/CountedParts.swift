import Metrics
import RapportChannels
import RapportCore
import Synchronization

/// Counts what comes in by adapter, with what was not understood apart: an event whose kind or form nobody knows is stored
/// and acknowledged, so that this number is where it shows.
struct CountedSink: EventSink {
    let next: any EventSink
    let metrics: any MetricsFactory

    func submit(
        _ events: [InboundEvent], adapter: String, region: String?
    ) async throws(EventSinkError) -> [CommittedEvent] {
        let committed = try await next.submit(events, adapter: adapter, region: region)
        for (event, result) in zip(events, committed) where !result.isRepetition {
            let reading =
                switch event.kind {
                case .unknown, .unparsed: event.kind.rawValue
                default: "understood"
                }
            Counter(
                label: "rapport_inbound_events_total", dimensions: [("adapter", adapter), ("reading", reading)],
                factory: metrics
            ).increment()
        }
        return committed
    }
}

/// Counts what became of each message that was handed to an adapter.
struct CountedAdapter: OutboundAdapter {
    private let next: any OutboundAdapter
    private let counters: OutcomeCounters

    init(next: any OutboundAdapter, metrics: any MetricsFactory) {
        self.next = next
        counters = OutcomeCounters(adapter: next.name, metrics: metrics)
    }

    var name: String { next.name }
    var channel: Channel { next.channel }
    var window: Int { next.window }

    func send(_ message: OutboundMessage) async throws(SendError) -> Receipt {
        do throws(SendError) {
            let receipt = try await next.send(message)
            counters.count(.success(receipt))
            return receipt
        } catch {
            counters.count(.failure(error))
            throw error
        }
    }

    func send(
        _ messages: [OutboundMessage], done: @escaping @Sendable (Int, Result<Receipt, SendError>) -> Void
    ) async {
        await next.send(messages) { [counters] index, result in
            counters.count(result)
            done(index, result)
        }
    }
}

/// The counters of one adapter's outcomes, each found once.
private final class OutcomeCounters: Sendable {
    private let adapter: String
    private let metrics: any MetricsFactory
    private let counters = Mutex<[String: Counter]>([:])

    init(adapter: String, metrics: any MetricsFactory) {
        self.adapter = adapter
        self.metrics = metrics
    }

    func count(_ result: Result<Receipt, SendError>) {
        let outcome =
            switch result {
            case .success(let receipt): receipt.state.rawValue
            case .failure(let error): error.code.rawValue
            }
        counter(outcome).increment()
    }

    private func counter(_ outcome: String) -> Counter {
        counters.withLock { counters in
            if let known = counters[outcome] { return known }
            let made = Counter(
                label: "rapport_messages_total", dimensions: [("adapter", adapter), ("outcome", outcome)],
                factory: metrics)
            counters[outcome] = made
            return made
        }
    }
}
