import RapportCore
import Synchronization

/// How many messages are under way over each adapter, and how many more may be.
final class Flight: Sendable {
    private struct State {
        var windows: [String: Int]
        var lastTakeOff: [String: Timestamp] = [:]
        var airborne: [String: Int] = [:]
        var inHand: Set<DispatchID> = []

        /// Whether a message left just now; a clock that was set back says no.
        func isBusy(_ adapter: String, at now: Timestamp) -> Bool {
            guard let last = lastTakeOff[adapter], last <= now else { return false }
            return now < last.adding(milliseconds: Flight.patience)
        }
    }

    private let state: Mutex<State>

    init(windows: [String: Int]) {
        state = Mutex(State(windows: windows))
    }

    /// A window that is nearly full is filled up only after this long, in milliseconds.
    static let patience: Int64 = 50

    /// Free places by adapter. A window of which less than a quarter is free counts as full for a moment, because a claim
    /// of a few messages costs nearly as much as one of hundreds; not for longer, because what fills it may be waiting
    /// for a provider that says nothing.
    func slots(at now: Timestamp) -> [String: Int] {
        state.withLock { state in
            var slots: [String: Int] = [:]
            for (adapter, window) in state.windows {
                let free = max(0, window - state.airborne[adapter, default: 0])
                slots[adapter] = free >= window / 4 || !state.isBusy(adapter, at: now) ? free : 0
            }
            return slots
        }
    }

    /// Whether any adapter could take one more.
    var hasRoom: Bool {
        state.withLock { state in state.windows.contains { $0.value > state.airborne[$0.key, default: 0] } }
    }

    var count: Int { state.withLock { $0.airborne.values.reduce(0, +) } }

    /// What was claimed and has not landed yet.
    var inHand: Set<DispatchID> { state.withLock { $0.inHand } }

    func takeOff(_ dispatch: DispatchID, over adapter: String, at now: Timestamp) {
        state.withLock { state in
            state.inHand.insert(dispatch)
            state.airborne[adapter, default: 0] += 1
            state.lastTakeOff[adapter] = now
        }
    }

    func land(_ dispatch: DispatchID, over adapter: String) {
        state.withLock { state in
            state.inHand.remove(dispatch)
            state.airborne[adapter, default: 0] -= 1
        }
    }
}
