import Synchronization

/// Counts on many threads, and remembers how high it went.
final class Counter: Sendable {
    private let state = Mutex((value: 0, highest: 0))

    var value: Int { state.withLock { $0.value } }
    var highest: Int { state.withLock { $0.highest } }

    func increment() {
        state.withLock {
            $0.value += 1
            $0.highest = max($0.highest, $0.value)
        }
    }

    func decrement() { state.withLock { $0.value -= 1 } }
}
