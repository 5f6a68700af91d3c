import Synchronization

/// Lets a loop sleep until something happens or time is up.
final class Alarm: Sendable {
    private struct State {
        var rang = false
        /// Counts the sleeps, so that a timer which comes too late does not end the next one.
        var sleep = 0
        /// The last one of which the time is up.
        var over = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Wakes the sleeper now, or spares it the next sleep.
    func ring() {
        let waiter = state.withLock { state in
            state.rang = true
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Returns when it rang, after this time, or when the task is cancelled. Only one caller may sleep at a time.
    ///
    /// - Returns: whether it rang.
    @discardableResult
    func sleep(milliseconds: Int64) async -> Bool {
        let sleep = state.withLock { state in
            state.sleep += 1
            return state.sleep
        }
        let timer = Task {
            if (try? await Task.sleep(for: .milliseconds(milliseconds))) != nil { end(sleep) }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state in
                    if state.rang || state.over == sleep { return true }
                    state.waiter = continuation
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
        timer.cancel()
        return state.withLock { state in
            defer { state.rang = false }
            return state.rang
        }
    }

    /// The time of a sleep is up.
    private func end(_ sleep: Int) {
        let waiter = state.withLock { state in
            guard state.sleep == sleep else { return nil as CheckedContinuation<Void, Never>? }
            state.over = sleep
            return state.waiter.take()
        }
        waiter?.resume()
    }
}
