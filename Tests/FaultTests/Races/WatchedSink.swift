import RapportChannels
import RapportCore

/// The intake, with every acknowledgement written down the moment it is given.
struct WatchedSink: EventSink {
    let sink: any EventSink
    let recorder: RaceRecorder

    func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent] {
        let committed = try await sink.submit(delivery)
        for event in committed { recorder.note(.optedOut(event.interaction)) }
        return committed
    }
}
