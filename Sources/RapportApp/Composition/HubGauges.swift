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
    /// Those that are told of the log.
    let feeds: [String]
    let metrics: any MetricsFactory
    let clock: Clock

    func measure() async {
        record("rapport_messages_in_flight", dispatcher.inFlight)
        record("rapport_intake_backlog", intake.backlog)
        // A store that can't be read tells so in /readyz; the numbers of the last time stand until then.
        let now = clock()
        guard let status = try? await store.status(at: now) else { return }
        record("rapport_follow_ups_open", status.followUpsOpen)
        record("rapport_follow_ups_overdue", status.followUpsOverdue)
        record("rapport_receipts_parked", status.parkedReceipts)
        record("rapport_identity_conflicts_open", status.conflictsOpen)
        for feed in feeds {
            // One that has not begun has the whole log before it.
            let cursor = status.cursors.first { $0.reader == feed }
            let waiting = cursor?.waitingSince.map { now.seconds - $0.seconds } ?? 0
            record("rapport_feed_lag_interactions", Int(cursor?.behind ?? status.lastPosition), [("adapter", feed)])
            record("rapport_feed_lag_seconds", Int(max(0, waiting)), [("adapter", feed)])
        }
        for adapter in senders {
            record("rapport_messages_waiting", status.queued[adapter] ?? 0, [("adapter", adapter)])
        }
    }

    private func record(_ label: String, _ value: Int, _ dimensions: [(String, String)] = []) {
        Gauge(label: label, dimensions: dimensions, factory: metrics).record(value)
    }
}
