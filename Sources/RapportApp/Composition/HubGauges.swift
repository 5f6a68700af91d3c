import Metrics
import RapportCore
import RapportHub
import RapportLog

/// What stands in the hub at this moment, measured when somebody asks for the metrics.
struct HubGauges: Sendable {
    let store: any StatusReading
    let dispatcher: Dispatcher
    let intake: Intake
    /// Adapters that send: an empty queue is a number, too.
    let senders: [String]
    let metrics: any MetricsFactory
    let clock: Clock

    func measure() async {
        record("rapport_messages_in_flight", dispatcher.inFlight)
        record("rapport_intake_backlog", intake.backlog)
        // A store that can't be read tells so in /readyz; the numbers of the last time stand until then.
        guard let status = try? await store.status(at: clock()) else { return }
        record("rapport_follow_ups_open", status.followUpsOpen)
        record("rapport_follow_ups_overdue", status.followUpsOverdue)
        record("rapport_receipts_parked", status.parkedReceipts)
        for adapter in senders {
            record("rapport_messages_waiting", status.queued[adapter] ?? 0, [("adapter", adapter)])
        }
    }

    private func record(_ label: String, _ value: Int, _ dimensions: [(String, String)] = []) {
        Gauge(label: label, dimensions: dimensions, factory: metrics).record(value)
    }
}
