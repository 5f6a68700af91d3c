import RapportChannels
import RapportCore

/// The intake, with every acknowledgement written down the moment it is given.
struct WatchedSink: EventSink {
    let sink: any EventSink
    let recorder: RaceRecorder

    func submit(
        _ events: [InboundEvent], adapter: String, region: String?
    ) async throws(EventSinkError) -> [CommittedEvent] {
        let committed = try await sink.submit(events, adapter: adapter, region: region)
        for event in committed { recorder.note(.optedOut(event.interaction)) }
        return committed
    }
}
