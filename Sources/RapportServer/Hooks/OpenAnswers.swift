import Synchronization

/// Counts answers that are under way, whether or not anybody still listens for them, so that the server returns after the
/// last one: whoever sent an event and hung up must not have it cut off halfway.
final class OpenAnswers: Sendable {
    private struct State {
        var count = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func begin() { state.withLock { $0.count += 1 } }

    func end(_ count: Int) {
        let told = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.count -= count
            guard state.count == 0 else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in told { continuation.resume() }
    }

    /// Returns when there are none.
    func areOver() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard state.count > 0 else { return true }
                state.waiting.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }
}
