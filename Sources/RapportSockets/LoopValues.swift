package import NIOCore
import Synchronization

/// A value for each event loop, of which there is one for each core, made when it is asked for first.
package final class LoopValues<Value>: Sendable {
    private let make: @Sendable (any EventLoop) -> Value
    private let values = Mutex<[ObjectIdentifier: NIOLoopBound<Value>]>([:])

    package init(_ make: @escaping @Sendable (any EventLoop) -> Value) {
        self.make = make
    }

    /// - Parameter loop: the one that asks.
    package func value(of loop: any EventLoop) -> Value {
        values.withLock { values in
            let value = values[ObjectIdentifier(loop)] ?? NIOLoopBound(make(loop), eventLoop: loop)
            values[ObjectIdentifier(loop)] = value
            return value.value
        }
    }
}
