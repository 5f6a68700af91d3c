import Synchronization

/// Lets a loop sleep until something happens or time is up.
final class Alarm: Sendable {
    private struct State {
        var rang = false
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
    func sleep(milliseconds: Int64) async {
        let timer = Task {
            // A timer that was cancelled must not ring: it would spare the next sleep, whose timer would spare the one
            // after it, and so on.
            if (try? await Task.sleep(for: .milliseconds(milliseconds))) != nil { ring() }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state in
                    if state.rang { return true }
                    state.waiter = continuation
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
        timer.cancel()
        state.withLock { $0.rang = false }
    }
}
