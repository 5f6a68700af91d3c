import Synchronization

/// How many messages are under way over each adapter, and how many more may be.
final class Flight: Sendable {
    private struct State {
        var windows: [String: Int]
        var airborne: [String: Int] = [:]
    }

    private let state: Mutex<State>

    init(windows: [String: Int]) {
        state = Mutex(State(windows: windows))
    }

    /// Free places by adapter. A window of which less than a quarter is free counts as full, because a claim of a few
    /// messages costs nearly as much as one of hundreds.
    var slots: [String: Int] {
        state.withLock { state in
            var slots: [String: Int] = [:]
            for (adapter, window) in state.windows {
                let free = window - state.airborne[adapter, default: 0]
                slots[adapter] = free >= max(1, window / 4) ? free : 0
            }
            return slots
        }
    }

    var count: Int { state.withLock { $0.airborne.values.reduce(0, +) } }

    func takeOff(_ adapter: String) {
        state.withLock { $0.airborne[adapter, default: 0] += 1 }
    }

    func land(_ adapter: String) {
        state.withLock { $0.airborne[adapter, default: 0] -= 1 }
    }
}
