import Synchronization

/// Does something once, in the moment in which a count gets far enough, on the thread that counts.
package final class CountAlarm: Sendable {
    private struct State {
        var reached = 0
        var alarm: (count: Int, ring: @Sendable () -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    /// Replaces what was set before. Rings at once when the count is there already.
    package func set(at count: Int, _ ring: @escaping @Sendable () -> Void) {
        let isDue = state.withLock { state in
            let isDue = state.reached >= count
            state.alarm = isDue ? nil : (count, ring)
            return isDue
        }
        if isDue { ring() }
    }

    /// Is told of every count.
    package func reached(_ count: Int) {
        let due = state.withLock { state -> (@Sendable () -> Void)? in
            state.reached = max(state.reached, count)
            guard let alarm = state.alarm, count >= alarm.count else { return nil }
            state.alarm = nil
            return alarm.ring
        }
        due?()
    }
}
