import Synchronization

/// Hands values from many senders to one receiver, who takes all that have come since it last looked.
final class Mailbox<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var waiter: CheckedContinuation<Void, Never>?
        var isFinished = false
    }

    private let state = Mutex(State())

    func post(_ value: Value) {
        let waiter = state.withLock { state in
            state.values.append(value)
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// How many values wait.
    var count: Int { state.withLock { $0.values.count } }

    /// Returns when at least one value waits, or none will ever come. Only one caller may wait at a time.
    func arrival() async {
        let isReady = state.withLock { !$0.values.isEmpty || $0.isFinished }
        if !isReady { await wait() }
    }

    /// After this, `next` returns what is left and then `nil`.
    func finish() {
        let waiter = state.withLock { state in
            state.isFinished = true
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Waits for at least one value. Only one caller may wait at a time.
    func next(atMost limit: Int = .max) async -> [Value]? {
        while true {
            let taken: [Value]?? = state.withLock { state in
                if !state.values.isEmpty {
                    let part = Array(state.values.prefix(limit))
                    state.values.removeFirst(part.count)
                    return part
                }
                return state.isFinished ? .some(nil) : nil
            }
            if let taken { return taken }
            await wait()
        }
    }

    private func wait() async {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state in
                if !state.values.isEmpty || state.isFinished { return true }
                state.waiter = continuation
                return false
            }
            if ready { continuation.resume() }
        }
    }
}
