import Synchronization

/// Carries a value out of a closure that runs inside a transaction.
final class Box<Value: Sendable>: Sendable {
    private let content = Mutex<Value?>(nil)

    var value: Value? { content.withLock { $0 } }

    func put(_ value: Value) {
        content.withLock { $0 = value }
    }
}
