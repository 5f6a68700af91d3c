import RapportChannels
import RapportCore
import RapportServer
import Testing

@testable import RapportApp

@Suite("What the metrics count")
struct CountedPartsTests {
    private struct Taking: EventSink {
        func submit(_ delivery: InboundDelivery) async throws(EventSinkError) -> [CommittedEvent] {
            delivery.events.map {
                CommittedEvent(
                    interaction: InteractionID(1), customer: nil, isRepetition: $0.sourceID == "again", language: nil,
                    owner: nil)
            }
        }
    }

    private struct Moody: OutboundAdapter {
        let name = "mail"
        let channel = Channel.email
        let window = 1

        func send(_ message: OutboundMessage) async throws(SendError) -> Receipt {
            guard message.to.deliverable.hasPrefix("ana") else { throw SendError(.badAddress) }
            return Receipt()
        }
    }

    private func event(_ kind: InteractionKind, _ id: String? = nil) -> InboundEvent {
        InboundEvent(kind: kind, channel: .sms, sourceID: id, customerAddresses: [])
    }

    @Test("new events, with those apart that nobody understood")
    func events() async throws {
        let metrics = PrometheusRegistry()
        let sink = CountedSink(next: Taking(), metrics: metrics)
        let delivery = InboundDelivery(
            events: [event(.unknown), event(.unparsed), event(.messageReceived), event(.unknown, "again")],
            adapter: "sms", region: nil)
        func counted(_ count: Int) -> Bool {
            ["understood", "unknown", "unparsed"].allSatisfy { reading in
                metrics.text().contains(
                    "rapport_inbound_events_total{adapter=\"sms\",reading=\"\(reading)\"} \(count)\n")
            }
        }
        _ = try await sink.submit(delivery)
        #expect(counted(1))
        _ = await sink.submit([delivery, delivery])
        #expect(counted(3))
    }

    @Test("messages by what became of them")
    func messages() async throws {
        let metrics = PrometheusRegistry()
        let adapter = CountedAdapter(next: Moody(), metrics: metrics)
        for mailbox in ["ana@example.com", "ana@example.org", "bo@example.com"] {
            let message = OutboundMessage(
                dispatch: DispatchID(1), customer: CustomerID(1), channel: .email, messageClass: .service,
                topic: "care", campaign: nil,
                to: try #require(Address(normalized: "mailto:\(mailbox)", deliverable: nil)), toName: nil,
                content: .text("x"),
                unsubscribeURL: nil, createdAt: Timestamp(seconds: 0), expiresAt: nil)
            _ = try? await adapter.send(message)
        }
        #expect(metrics.text().contains("rapport_messages_total{adapter=\"mail\",outcome=\"accepted\"} 2\n"))
        #expect(metrics.text().contains("rapport_messages_total{adapter=\"mail\",outcome=\"badAddress\"} 1\n"))
    }
}
