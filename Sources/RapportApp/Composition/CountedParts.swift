import Metrics
import RapportChannels
import RapportCore

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
    let next: any OutboundAdapter
    let metrics: any MetricsFactory

    var name: String { next.name }
    var channel: Channel { next.channel }
    var window: Int { next.window }

    func send(_ message: OutboundMessage) async throws(SendError) -> Receipt {
        do throws(SendError) {
            let receipt = try await next.send(message)
            count(receipt.state.rawValue)
            return receipt
        } catch {
            count(error.code.rawValue)
            throw error
        }
    }

    private func count(_ outcome: String) {
        Counter(
            label: "rapport_messages_total", dimensions: [("adapter", name), ("outcome", outcome)], factory: metrics
        ).increment()
    }
}
