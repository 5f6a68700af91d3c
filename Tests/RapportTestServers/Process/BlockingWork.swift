import Foundation

/// Work that blocks in the kernel, kept off the cooperative threads on which the tests run.
package enum BlockingWork {
    /// Runs `body` on a thread of its own.
    package static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: Result { try body() }) }.start()
        }
        return try result.get()
    }
}
