import Testing

@testable import RapportCore

@Suite("Where a message stands")
struct DispatchStateTests {
    /// In order of certainty, written down once more: the stores and the log's reader rely on it.
    private static let order: [DispatchState] = [.handedOff, .unknown, .accepted, .failed, .delivered, .bounced]

    @Test("of two things that are said of a message that left, the later one in the order of certainty holds")
    func joining() {
        for (first, state) in Self.order.enumerated() {
            for (second, evidence) in Self.order.enumerated() {
                #expect(state.joined(with: evidence) == Self.order[max(first, second)], "\(state), \(evidence)")
            }
        }
    }

    @Test(
        "what nothing has left of does not move, and moves nothing",
        arguments: [DispatchState.planned, .deferred, .claimed, .skipped, .cancelled])
    func resting(state: DispatchState) {
        for evidence in Self.order {
            #expect(state.joined(with: evidence) == state)
            #expect(evidence.joined(with: state) == evidence)
        }
    }
}
