import RapportChannels
import RapportCore
import RapportEmail
import Synchronization
import Testing

@Suite("Mails on their way into the log")
struct MailIntakeTests {
    /// Keeps what it is given, or refuses it.
    private final class Sink: EventSink {
        private let error: EventSinkError?
        private let kept = Mutex<[InboundEvent]>([])

        init(refusing error: EventSinkError? = nil) { self.error = error }

        var events: [InboundEvent] { kept.withLock { $0 } }

        func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent] {
            if let error { throw error }
            kept.withLock { $0 += delivery.events }
            return delivery.events.indices.map {
                CommittedEvent(
                    interaction: InteractionID(Int64($0) + 1), customer: nil, isRepetition: false, owner: nil)
            }
        }
    }

    private func intake(_ sink: Sink) -> MailIntake {
        MailIntake(adapter: "mail", interpreter: MailInterpreter(identity: MailSamples.identity), sink: sink)
    }

    private func message(_ text: String, to recipients: [String]) -> LMTPMessage {
        LMTPMessage(mailFrom: "ana@example.com", recipients: recipients, bytes: MailSamples.bytes(text))
    }

    @Test(
        "what is not stored is left with the mail server, for every recipient",
        arguments: [EventSinkError.busy, .storeUnavailable, .shuttingDown])
    func refused(error: EventSinkError) async {
        let mail = message("From: ana@example.com\n\nHello\n", to: ["a@hub.example", "b@hub.example"])
        #expect(await intake(Sink(refusing: error)).answer(mail) == [.tryLater, .tryLater])
    }

    @Test("what can't be read is taken, and kept as it came")
    func unparsed() async {
        let sink = Sink()
        let mail = message("no mail at all", to: ["desk@hub.example"])
        #expect(await intake(sink).answer(mail) == [.accepted])
        #expect(sink.events.map(\.kind) == [.unparsed])
        #expect(sink.events.first?.payload?.bytes == mail.bytes)
    }
}
