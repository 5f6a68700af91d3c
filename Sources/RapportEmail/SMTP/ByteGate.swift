import Synchronization

/// Holds up whoever makes large things while too many bytes of them are about.
///
/// What is admitted while there is room may be larger than the room: nobody knows a size before the thing is made.
final class ByteGate: Sendable {
    private struct State {
        var bytes = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Returns when there is room; `enter` must follow. Who asked first goes first.
    func room() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if state.bytes < limit, state.waiting.isEmpty { return true }
                state.waiting.append(continuation)
                return false
            }
            if isOpen { continuation.resume() }
        }
    }

    /// - Parameter bytes: 0 for what could not be made.
    func enter(_ bytes: Int) { change(by: bytes) }

    func leave(_ bytes: Int) { change(by: -bytes) }

    /// One at a time goes in, because nobody knows whether there is room for two.
    private func change(by bytes: Int) {
        let next = state.withLock { state in
            state.bytes += bytes
            return state.bytes < limit && !state.waiting.isEmpty ? state.waiting.removeFirst() : nil
        }
        next?.resume()
    }
}
