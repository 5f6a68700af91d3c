import RapportChannels
import RapportCore
import Synchronization

/// Takes nothing until it is opened.
final class GatedSink: EventSink {
    private let opened = Mutex(false)
    private let (asked, tellAsked) = AsyncStream.makeStream(of: Void.self)
    private let (gate, openGate) = AsyncStream.makeStream(of: Void.self)

    var isOpen: Bool { opened.withLock { $0 } }

    func isAsked() async { for await _ in asked { return } }

    func open() {
        opened.withLock { $0 = true }
        openGate.finish()
    }

    func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent] {
        tellAsked.yield()
        for await _ in gate {}
        return delivery.events.map { _ in
            CommittedEvent(interaction: InteractionID(1), customer: nil, isRepetition: false)
        }
    }
}
