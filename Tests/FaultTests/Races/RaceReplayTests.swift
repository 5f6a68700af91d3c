import RapportCore
import RapportLog
import Testing

/// The replay judges everybody else: what it takes for a broken promise, and what not.
@Suite("The replay of a race")
struct RaceReplayTests {
    private static let id = DispatchID(7)
    private static let optOut = InteractionID(9)

    private func replay(_ events: [RaceRecorder.Event]) throws -> RaceReplay {
        let address = try #require(Address(normalized: "mailto:ana@example.com"))
        let row = Interaction(
            id: Self.optOut, customer: CustomerID(1), channel: .email, adapter: "mail", direction: .inbound,
            kind: .messageReceived, occurredAt: Timestamp(seconds: 1), recordedAt: Timestamp(seconds: 1),
            effects: [
                .suppressed(
                    Suppression(
                        id: EntryID(position: 9), address: address, reason: .stop, at: Timestamp(seconds: 1)))
            ])
        return RaceReplay(events: events, log: [row])
    }

    private func claimed(by node: Int64) throws -> RaceRecorder.Event {
        let address = try #require(Address(normalized: "mailto:ana@example.com"))
        return .claimed(
            .init(Self.id, by: node),
            .init(
                customer: CustomerID(1), household: nil, campaign: "spring", occurrence: nil, topic: "news", offer: nil,
                content: nil, route: Route(channel: .email, adapter: "mail", address: address),
                at: Timestamp(seconds: 0)))
    }

    private func sending(by node: Int64) throws -> RaceRecorder.Event {
        .sending(.init(Self.id, by: node), try #require(Address(normalized: "mailto:ana@example.com")))
    }

    @Test("finds what was sent after the opt-out was acknowledged")
    func sentAfter() throws {
        let replay = try replay([
            claimed(by: 1), .optedOut(Self.optOut), .handingOff([.init(Self.id, by: 1)]), sending(by: 1),
        ])
        #expect(replay.problems == ["d7 was sent after the opt-out was acknowledged"])
    }

    @Test("tells a hub that asks too late from the one that had asked before")
    func twoHubs() throws {
        let replay = try replay([
            claimed(by: 1), claimed(by: 2), .handingOff([.init(Self.id, by: 2)]), .optedOut(Self.optOut),
            .handingOff([.init(Self.id, by: 1)]), sending(by: 2),
        ])
        #expect(replay.problems.isEmpty)
        #expect(replay.overtaken == 1)
    }
}
