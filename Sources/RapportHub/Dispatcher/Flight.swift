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

    /// Free places by adapter.
    var slots: [String: Int] {
        state.withLock { state in
            state.windows.merging(state.airborne) { window, airborne in max(0, window - airborne) }
                .filter { state.windows[$0.key] != nil }
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
